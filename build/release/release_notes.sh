#!/bin/sh
# Prints the section of CHANGELOG.md about one version: release_notes.sh v0.1.0
# Fails when there is no section, or when package.json names another version.
set -eu
cd "$(dirname "$0")/../.."
version=${1#v}
grep -qF "\"version\": \"$version\"" package.json || {
  echo "release_notes: package.json does not name version $version" >&2
  exit 1
}
notes=$(awk -v version="$version" '
  /^## / { on = ($2 == version || $2 == "[" version "]"); next }
  on' "${CHANGELOG:-CHANGELOG.md}")
[ -n "$notes" ] || {
  echo "release_notes: CHANGELOG.md has no section '## $version'" >&2
  exit 1
}
printf '%s\n' "$notes"
