import type { Peer } from "./peer.ts";

/** No gateway at all: what the load generator and the upstream can do. */
export const direct: Peer = {
  name: "no gateway",
  target: "none",
  async start({ upstreamPort }) {
    return { port: upstreamPort, pid: undefined, async [Symbol.asyncDispose]() {} };
  },
};
