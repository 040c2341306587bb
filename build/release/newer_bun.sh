#!/bin/sh
# Runs every check with the newest Bun, when that is newer than the version that .ci/run names.
# With DRY_RUN=1 it prints the command instead.
set -eu
cd "$(dirname "$0")/../.."
ours=$(sed -n 's/.*BUN_VERSION:-\([0-9.]*\).*/\1/p' .ci/run)
newest=$(npm view bun version)
if [ "$(printf '%s\n' "$ours" "$newest" | sort -V | tail -n 1)" = "$ours" ]; then
  echo "Bun $ours is the newest"
elif [ -n "${DRY_RUN:-}" ]; then
  echo "BUN_VERSION=$newest .ci/run"
else
  BUN_VERSION=$newest .ci/run
fi
