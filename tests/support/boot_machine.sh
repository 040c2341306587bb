#!/bin/sh
# Boots this machine's systemd as process 1 of a machine of its own: namespaces, a cgroup, and a root
# in memory with this machine's /usr, read-only, and a checkout in /root/signway, to which it writes nothing.
# The network is this machine's. All of it ends with this script's standard input.
#
#   sh boot_machine.sh FOLDER CHECKOUT    FOLDER is empty; started by `unshare --mount`
set -eu
folder=$1 checkout=$2 step=${3:-outside} root=$1/root

outside() {
  mkdir "$folder/cgroup" "$root"
  mount -t cgroup2 cgroup2 "$folder/cgroup"
  cgroup=$(mktemp -d "$folder/cgroup/signway-XXXXXX")
  (
    echo 0 >"$cgroup/cgroup.procs"
    exec unshare --mount --pid --cgroup --uts --ipc --fork --kill-child \
      sh "$0" "$folder" "$checkout" inside
  ) </dev/null &
  read -r _ || true
  # With process 1 goes every process of the machine.
  kill -s KILL $(cat /proc/$!/task/$!/children) 2>/dev/null || true
  wait $! || true
  while grep -q '^populated 1' "$cgroup/cgroup.events"; do sleep 0.05; done
  find "$cgroup" -depth -type d -exec rmdir {} +
}

inside() {
  mount -t tmpfs -o mode=755 tmpfs "$root"
  cd "$root"
  mkdir -p dev etc home proc root/signway run sys tmp usr var/changes var/tmp var/work
  chmod 1777 tmp var/tmp
  ln -s ../run var/run
  for name in bin sbin lib lib32 lib64; do
    if [ -e "/$name" ]; then ln -s "usr/$name" "$name"; fi
  done
  mount --bind -o ro /usr usr
  mount -t tmpfs tmpfs usr/local
  mount -t overlay overlay -o "lowerdir=$checkout,upperdir=var/changes,workdir=var/work" root/signway
  mount -t proc -o nosuid,nodev,noexec proc proc
  # The kernel's settings are not this machine's alone.
  mount --bind -o ro proc/sys proc/sys
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
  devices
  etc
  pivot_root . run
  umount --lazy /run
  # As the kernel starts a machine; systemd leaves it as it is where it is not the first. Without it
  # nothing that systemd mounts for a service, its credentials above all, reaches the service.
  mount --make-rshared /
  exec env -i container=other SYSTEMD_UNIT_PATH=/etc/systemd/system \
    PATH=/usr/local/bin:/usr/bin:/usr/sbin \
    /lib/systemd/systemd --unit=basic.target --log-target=journal --show-status=no
}

devices() {
  mount -t tmpfs -o mode=755,nosuid tmpfs dev
  mkdir dev/net dev/pts dev/shm
  for name in null zero full random urandom tty net/tun; do
    if ! [ -e "/dev/$name" ]; then continue; fi
    : >"dev/$name"
    mount --bind "/dev/$name" "dev/$name"
  done
  mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts dev/pts
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
}

# Of systemd's own units, what a service stands on, and the bus that systemd-run needs.
etc() {
  for name in group hosts ld.so.cache nsswitch.conf passwd resolv.conf; do cp -L "/etc/$name" etc; done
  ln -s ../usr/lib/os-release etc/os-release
  # Debian's awk is a link to one of the alternatives.
  for name in alternatives containers; do
    if [ -e "/etc/$name" ]; then cp -R "/etc/$name" etc; fi
  done
  tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
  mkdir -p etc/systemd/system/basic.target.wants
  for name in basic.target multi-user.target network-online.target nss-lookup.target shutdown.target \
    sysinit.target umount.target systemd-journald-dev-log.socket systemd-journald.service \
    systemd-journald.socket dbus.service dbus.socket; do
    ln -s "/lib/systemd/system/$name" "etc/systemd/system/$name"
  done
  ln -s ../systemd-journald.service etc/systemd/system/basic.target.wants
  # Root needs none, but the README says it.
  mkdir usr/local/bin
  printf '#!/bin/sh\nexec "$@"\n' >usr/local/bin/sudo
  chmod 755 usr/local/bin/sudo
}

"$step"
