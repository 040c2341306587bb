import type { Peer } from "./peer.ts";

/** No gateway at all: what the load generator and the upstream can do. */
export const direct: Peer = {
  name: "no gateway",
  verifies: false,
  async start({ upstream }) {
    const port = Number(new URL(upstream).port);
    return { port, pid: undefined, async [Symbol.asyncDispose]() {} };
  },
};
