#!/bin/sh
# Runs a command with a token in its environment and nothing else, and with no network but the gateway:
# SW_ID=web SW_SECRET=… ./sandbox.sh COMMAND…
set -eu
for tool in bun bwrap socat; do
  command -v "$tool" > /dev/null || { echo "$tool has to be installed" >&2; exit 1; }
done
token="$(bun ../../server.ts token --env openai --gateway http://localhost:3000 \
  --subject agent-1 --expires 300 --to 'POST https://api.openai.com/v1/chat/completions')"

# The only way out of the sandbox: a socket that leads to the gateway.
door="$(mktemp -d)"
socat "UNIX-LISTEN:$door/gateway,fork" TCP:localhost:3000 &
trap 'kill $!; rm -r "$door"' EXIT
trap 'exit 1' INT TERM HUP
until [ -S "$door/gateway" ]; do
  kill -0 $! # it still runs
  sleep 0.1
done

# The token travels through a pipe, because every user of the machine can read a command line.
printf '%s\n' "$token" | env -i PATH=/opt/bun:/usr/bin sh -euc '
  eval "$(cat)"
  bun="$1" door="$2"
  shift 2
  # Of the files, the sandbox has the programs of the system and this folder.
  exec bwrap --unshare-all --die-with-parent --new-session --proc /proc --dev /dev --tmpfs /tmp \
    --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
    --ro-bind /etc/hosts /etc/hosts --ro-bind "$bun" /opt/bun/bun --ro-bind "$door" /run/door \
    --ro-bind . /agent --chdir /agent sh door.sh "$@"
' sandbox "$(readlink -f "$(command -v bun)")" "$door" "$@"
