#!/bin/sh
# Publishes the npm package of the signer as the version of a tag: publish_package.sh v0.1.0
# Needs npm and, in ~/.npmrc or NODE_AUTH_TOKEN, an account that may publish it. With DRY_RUN=1 npm checks the package and
# prints what it would publish.
set -eu
cd "$(dirname "$0")/../.."
version=${1#v}
grep -qF "\"version\": \"$version\"" package.json || {
  echo "publish_package: package.json does not name version $version" >&2
  exit 1
}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
# BUN may be a command with arguments.
# shellcheck disable=SC2086
${BUN:-bun} build/npm_package/main.ts "$work/package" >&2
cd "$work/package"
if [ -n "${DRY_RUN:-}" ]; then
  npm publish --dry-run --access public .
else
  npm publish --provenance --access public .
fi
