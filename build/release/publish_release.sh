#!/bin/sh
# Publishes the files that `bun run build` left in dist/ as the release of a tag: publish_release.sh v0.1.0
# Needs the gh command and GH_TOKEN. With DRY_RUN=1 it checks everything and prints what it would publish.
set -eu
cd "$(dirname "$0")/../.."
tag=$1
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
build/release/release_notes.sh "$tag" >"$work/notes.md"
(cd dist && sha256sum --check --strict --quiet SHA256SUMS) >&2

# The same checksums cover the files that install.sh puts beside the binary.
(cat dist/SHA256SUMS && cd deploy && sha256sum install.sh signway.service signway.toml) >"$work/SHA256SUMS"
set -- "$work/SHA256SUMS" deploy/install.sh deploy/signway.service deploy/signway.toml
while read -r _ name; do set -- "$@" "dist/$name"; done <dist/SHA256SUMS

if [ -n "${DRY_RUN:-}" ]; then
  cat "$work/notes.md" "$work/SHA256SUMS"
  printf 'would publish %s\n' "$@"
else
  gh release create "$tag" --verify-tag --title "Signway $tag" --notes-file "$work/notes.md" "$@"
fi
