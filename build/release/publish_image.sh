#!/bin/sh
# Pushes the image of the root file systems that `bun run build` left in dist/, for amd64 and arm64,
# as the version of a tag and as `latest`: publish_image.sh v0.1.0
#
#   IMAGE                           its name, such as ghcr.io/owner/signway
#   REGISTRY_USER, REGISTRY_TOKEN   an account that may push it
#   DRY_RUN=FOLDER                  build it, and write it into FOLDER instead
#   OCI_LAYOUT=FOLDER               build it, and write it as an OCI layout into FOLDER instead
set -eu
cd "$(dirname "$0")/../.."
version=${1#v}
# A registry accepts names in lower case only.
image=$(printf '%s' "${IMAGE:?}" | tr '[:upper:]' '[:lower:]')
list=$image:$version

# Docker's format, since OCI's has no HEALTHCHECK.
buildah bud --format docker --isolation chroot --platform linux/amd64,linux/arm64 \
  --build-arg SOURCE=dist --build-arg VERSION="$version" --build-arg COMMIT="$(git rev-parse HEAD)" \
  --manifest "$list" . >&2
push() { buildah manifest push --all --format v2s2 --digestfile "${digest:-/dev/null}" "$list" "$1" >&2; }

if [ -n "${OCI_LAYOUT:-}" ]; then
  buildah manifest push --all --format oci "$list" "oci:$OCI_LAYOUT:$version" >&2
  exit
fi
if [ -n "${DRY_RUN:-}" ]; then
  push "dir:$DRY_RUN"
  exit
fi
digest=$(mktemp)
trap 'rm -f -- "$digest"' EXIT
# The step that pushes the attestation reads the login from this file too.
export REGISTRY_AUTH_FILE="${DOCKER_CONFIG:-$HOME/.docker}/config.json"
mkdir -p "$(dirname "$REGISTRY_AUTH_FILE")"
printf '%s' "$REGISTRY_TOKEN" | buildah login --username "$REGISTRY_USER" --password-stdin "${image%%/*}" >&2
push "docker://$image:latest"
push "docker://$image:$version"
printf 'name=%s\ndigest=%s\n' "$image" "$(cat "$digest")" >>"${GITHUB_OUTPUT:-/dev/stdout}"
