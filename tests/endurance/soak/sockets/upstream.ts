import { frame, OPCODE } from "../../../support/sockets/frames.ts";
import type { SocketPeer } from "../../../support/sockets/socket_peer.ts";
import {
  type SocketUpstream,
  startSocketUpstream,
} from "../../../support/sockets/socket_upstream.ts";
import { makeSocketPlan, type SocketPlan } from "./plan.ts";

const REFUSAL = "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnever";

/** Starts an echo that plays its part of each plan, by the number in the path. */
export async function startPlannedUpstream(seed: number): Promise<SocketUpstream> {
  const upstream = await startSocketUpstream(({ startLine }) => {
    const { fault } = makeSocketPlan(seed, numberIn(startLine));
    if (fault === "refused") return { raw: REFUSAL };
    return fault === "refused_late" ? { raw: REFUSAL, delay: 500 } : {};
  });
  let seen = 0;
  const timer = setInterval(() => {
    for (; seen < upstream.peers.length; seen++) {
      const peer = upstream.peers[seen]!;
      void play(peer, makeSocketPlan(seed, numberIn(peer.handshake)));
    }
  }, 5);
  const dispose = upstream[Symbol.asyncDispose];
  return {
    ...upstream,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await dispose();
    },
  };
}

function numberIn(startLine: string): number {
  return Number(/^GET \/(\d+)/.exec(startLine)?.[1]);
}

async function play(peer: SocketPeer, { fault, sizes }: SocketPlan): Promise<void> {
  const flood = frame(OPCODE.binary, Buffer.alloc(100_000));
  let echoed = 0;
  for (let read = 0; peer.ended() === undefined;) {
    const next = peer.frames[read];
    if (!next) {
      await Bun.sleep(5);
      continue;
    }
    read++;
    if (next.opcode === OPCODE.close) {
      await peer.write(frame(OPCODE.close, next.payload));
      peer.socket.end();
      return;
    }
    if (next.opcode >= OPCODE.close) continue;
    await peer.write(frame(next.opcode, next.payload));
    echoed++;
    // What came is read already, and need not be kept.
    next.payload = Buffer.alloc(0);
    if (echoed < sizes.length) continue;
    if (fault === "upstream_reset") peer.socket.resetAndDestroy();
    if (fault === "upstream_fin") peer.socket.end();
    if (fault === "upstream_close") await peer.close(4004, "enough");
    if (fault === "upstream_malformed") await peer.write(frame(3, "x"));
    if (fault === "upstream_silent") return;
    for (let count = 0; fault === "client_stalled" && count < 100; count++) void peer.write(flood);
  }
}
