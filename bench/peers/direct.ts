import type { Peer } from "./peer.ts";

/** No gateway at all: the limit that the load generator and the upstream set. */
export const direct: Peer = {
  name: "no gateway",
  verifies: false,
  async start({ upstream }) {
    const port = Number(new URL(upstream).port);
    return { port, pid: undefined, async [Symbol.asyncDispose]() {} };
  },
};
