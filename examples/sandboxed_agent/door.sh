#!/bin/sh
# Runs in the sandbox: makes the gateway reachable there as localhost:3000, then runs the command.
set -eu
socat TCP-LISTEN:3000,bind=localhost,fork UNIX-CONNECT:/run/door/gateway &
until socat -u OPEN:/dev/null TCP:localhost:3000 2> /dev/null; do
  kill -0 $! # it still runs
  sleep 0.1
done
exec "$@"
