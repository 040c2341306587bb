# syntax=docker/dockerfile:1

FROM oven/bun:1.4.5 AS build
WORKDIR /src
COPY package.json bun.lock bunfig.toml ./
RUN bun install --frozen-lockfile --production
COPY server.ts ./
COPY lib lib
RUN bun build --compile server.ts --outfile /rootfs/signway \
  # The few shared libraries that the binary names, at the paths where it looks for them.
  && ldd /rootfs/signway | grep -o '/[^ ]*' | xargs -I{} cp -L --parents {} /rootfs \
  && mkdir /rootfs/etc && echo 'signway:x:65532:65532::/:/signway' > /rootfs/etc/passwd

FROM scratch
COPY --from=build /rootfs /
USER 65532:65532
EXPOSE 3000
ENTRYPOINT ["/signway"]
