# The container from this folder's source:     docker build --build-arg COMMIT="$(git rev-parse HEAD)" .
# from what `bun run build` wrote into dist/:  docker build --build-arg SOURCE=dist .
ARG SOURCE=source

FROM --platform=$BUILDPLATFORM oven/bun:1.4.5 AS source
ARG TARGETARCH
ARG COMMIT
WORKDIR /src
COPY package.json bun.lock bunfig.toml ./
RUN bun install --frozen-lockfile --production
COPY server.ts ./
COPY lib lib
COPY build build
RUN SIGNWAY_COMMIT=$COMMIT bun build/main.ts --only "$TARGETARCH"

FROM scratch AS dist
ARG TARGETARCH
COPY dist/rootfs-$TARGETARCH /src/dist/rootfs-$TARGETARCH

FROM $SOURCE AS built

FROM scratch
ARG TARGETARCH
ARG COMMIT
ARG VERSION
LABEL org.opencontainers.image.title="Signway" \
  org.opencontainers.image.description="A gateway that adds secret API keys to signed requests and streams the answers back" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version=$VERSION \
  org.opencontainers.image.revision=$COMMIT
COPY --from=built /src/dist/rootfs-$TARGETARCH /
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=2s CMD ["/signway", "health"]
ENTRYPOINT ["/signway"]
