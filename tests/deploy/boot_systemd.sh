#!/bin/sh
# Boots the machine's own systemd over a root of its own, as the first process of a new PID namespace:
#   boot_systemd.sh ROOT
# ROOT holds what is to be laid over it: etc/ and usr/local/. /usr is this machine's; the network too.
# Needs root and the right to mount. The process dies, with all that it started, when it is killed.
set -eu
root=$1

case ${2:-outside} in
  outside)
    exec unshare --mount sh "$0" "$root" mounted
    ;;
  mounted)
    # A group of its own: systemd takes the whole of what it sees.
    mkdir -p "$root/sys"
    mount -t cgroup2 cgroup2 "$root/sys"
    mkdir "$root/sys/signway-test-$$"
    echo $$ >"$root/sys/signway-test-$$/cgroup.procs"
    umount "$root/sys"
    exec unshare --mount --pid --fork --cgroup --ipc --uts --kill-child sh "$0" "$root" inside
    ;;
esac

new=$root/new
mkdir -p "$new"
mount -t tmpfs -o mode=755 tmpfs "$new"
cd "$new"
mkdir -p dev etc/systemd/system home old proc root run sys tmp usr var/lib var/tmp
for name in bin sbin lib lib32 lib64; do
  if [ -e "/usr/$name" ]; then ln -s "usr/$name" "$name"; fi
done
mount --bind /usr usr
mount --bind -o ro "$root/usr/local" usr/local
for name in group hosts ld.so.cache nsswitch.conf passwd resolv.conf ssl; do
  if [ -e "/etc/$name" ]; then cp -aL "/etc/$name" etc/; fi
done
cp -a "$root/etc/." etc/
: >etc/machine-id
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs dev
mkdir dev/pts dev/shm
ln -s /proc/self/fd dev/fd
for name in full null random tty urandom zero; do
  : >"dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
pivot_root . old
umount -l old
exec env -i container=signway-test PATH=/usr/sbin:/usr/bin \
  /usr/lib/systemd/systemd --system --unit=basic.target --log-target=console --show-status=no
