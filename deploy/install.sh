#!/bin/sh
# Installs Signway as a systemd service: the binary for this machine, the unit, the manual page, the
# completions of shells and, if there is none yet, a configuration to begin with. Nothing is put in place before its checksum was found right.
# May be run again, to upgrade or to see that all is there.
#
#   sh install.sh [FOLDER]    the files of a release; default: beside this script, else ../dist
#
#   SIGNWAY_URL   download the files from under this URL instead
#   PREFIX        where bin/signway and share/ go; default /usr/local
#   DESTDIR       put before every path, to fill another root than /
set -eu
umask 022

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=${PREFIX:-/usr/local}
destdir=${DESTDIR:-}
url=${SIGNWAY_URL:-}

say() { printf '%s\n' "signway: $*"; }
fail() {
  printf '%s\n' "signway: $*" "signway: nothing was installed" >&2
  exit 1
}

files=${1:-$here}
if [ $# -eq 0 ] && ! [ -e "$here/SHA256SUMS" ]; then files=$here/../dist; fi

# Whether the first of the files that a pattern stands for exists.
has() { [ -e "$1" ]; }

# The name of this machine's binary. Without AVX2 the usual one would end with an illegal instruction.
binary_name() {
  case $(uname -m) in
    x86_64 | amd64) name=signway-linux-amd64 ;;
    aarch64 | arm64) name=signway-linux-arm64 ;;
    *) fail "there is no binary for $(uname -m), only for x86_64 and aarch64" ;;
  esac
  # A machine may have musl beside glibc.
  if has /lib/ld-musl-*.so.1 && ! has /lib*/ld-linux-*.so.*; then name=$name-musl; fi
  if [ "$name" = signway-linux-amd64 ] && ! grep -qw avx2 "${SIGNWAY_CPUINFO:-/proc/cpuinfo}"; then
    name=$name-baseline
  fi
  printf '%s\n' "$name"
}

# Puts a file of the release into $work.
get() {
  if [ -z "$url" ]; then
    [ -e "$files/$1" ] || fail "there is no $files/$1"
    cp -- "$files/$1" "$work/$1"
  elif command -v curl >/dev/null; then
    curl -fsSL -o "$work/$1" -- "${url%/}/$1" || fail "cannot download ${url%/}/$1"
  else
    wget -q -O "$work/$1" -- "${url%/}/$1" || fail "cannot download ${url%/}/$1"
  fi
}

listed_sum() { awk -v name="$1" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS"; }

get_checked() {
  sum=$(listed_sum "$1")
  [ -n "$sum" ] || fail "SHA256SUMS does not name $1"
  get "$1"
  [ "$sum" = "$(sha256sum <"$work/$1" | cut -d ' ' -f 1)" ] ||
    fail "$1 is refused: it is not the file that SHA256SUMS names"
}

# The unit and the configuration: of the release, or of the checkout that this script lies in.
get_text() {
  if [ -n "$(listed_sum "$1")" ]; then
    get_checked "$1"
  elif [ -e "$here/$1" ]; then
    cp -- "$here/$1" "$work/$1"
  else
    fail "there is no $1, neither in the release nor beside this script"
  fi
}

# put FILE TARGET MODE: by renaming, so that a running binary is replaced and never half written.
put() {
  target=$destdir$2
  if cmp -s "$1" "$target"; then
    say "unchanged  $target"
    return
  fi
  mkdir -p -- "$(dirname -- "$target")"
  cp -- "$1" "$target.new"
  chmod "$3" "$target.new"
  mv -f -- "$target.new" "$target"
  say "installed  $target"
}

case $prefix in
  /*[!A-Za-z0-9/._-]* | [!/]*) fail "PREFIX must be an absolute path of letters, digits and ./_-: $prefix" ;;
esac
[ -n "$destdir" ] || [ "$(id -u)" -eq 0 ] || fail "installing into / takes root; or set DESTDIR"

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT TERM

binary=$(binary_name) || exit 1
get SHA256SUMS
get_checked "$binary"
get_text signway.service
get_text signway.toml
sed "s|/usr/local/bin/signway|$prefix/bin/signway|" "$work/signway.service" >"$work/unit"

# The manual page and the completions: in the file of checksums of each release, and of no other folder.
extras='signway.1 signway.bash _signway signway.fish'
for extra in $extras; do
  if [ -n "$(listed_sum "$extra")" ]; then get_checked "$extra"; fi
done
put_extra() { if [ -e "$work/$1" ]; then put "$work/$1" "$prefix/share/$2" 644; fi; }

put "$work/$binary" "$prefix/bin/signway" 755
put_extra signway.1 man/man1/signway.1
put_extra signway.bash bash-completion/completions/signway
put_extra _signway zsh/site-functions/_signway
put_extra signway.fish fish/vendor_completions.d/signway.fish
put "$work/unit" /etc/systemd/system/signway.service 644
if [ -e "$destdir/etc/signway/signway.toml" ]; then
  say "kept       $destdir/etc/signway/signway.toml"
else
  put "$work/signway.toml" /etc/signway/signway.toml 644
fi
if ! [ -d "$destdir/etc/signway/credentials" ]; then
  mkdir -m 700 -- "$destdir/etc/signway/credentials"
  say "created    $destdir/etc/signway/credentials"
fi
if [ -z "$destdir" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
