import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cpuTime } from "../cpu_time.ts";
import { type Load, load, type LoadOptions } from "../load.ts";
import type { RunningServer } from "../processes.ts";
import type { Peer, Setup } from "./peer.ts";
import { upstreamRequests } from "./upstream.ts";

/** A peer that runs. */
export interface Member {
  peer: Peer;
  server: RunningServer;
}

/**
 * Starts all peers; they run side by side and idle while another one is measured.
 *
 * @param peers the rows
 * @param setup what all are told
 * @param stack what stops them
 */
export async function startFleet(
  peers: readonly Peer[],
  setup: Setup,
  stack: AsyncDisposableStack,
): Promise<Member[]> {
  const members: Member[] = [];
  for (const [index, peer] of peers.entries()) {
    const folder = join(setup.folder, `${index}`);
    await mkdir(folder);
    members.push({ peer, server: stack.use(await peer.start({ ...setup, folder })) });
  }
  return members;
}

/** What a request costs, on average over one measurement. */
export interface Cost {
  /** CPU time of the peer's processes in microseconds; undefined when it has none. */
  cpuMicroseconds: number | undefined;
  load: Load;
}

/**
 * Puts load on a peer and says what a request costs.
 *
 * @throws Error when a request failed, or was answered without asking the upstream
 */
export async function measureCost(
  { peer, server }: Member,
  upstreamPort: number,
  options: Omit<LoadOptions, "port">,
): Promise<Cost> {
  const requestsBefore = await upstreamRequests(upstreamPort);
  const before = cpuTimeOf(server);
  const seen = await load({ ...options, port: server.port });
  const used = cpuTimeOf(server) - before;
  const forwarded = (await upstreamRequests(upstreamPort)) - requestsBefore;
  if (!(forwarded >= seen.requests)) {
    throw new Error(
      `${peer.name}: ${seen.requests} answers, ${forwarded} requests at the upstream`,
    );
  }
  const cpuMicroseconds = server.pid === undefined ? undefined : (used / seen.requests) * 1e6;
  return { cpuMicroseconds, load: seen };
}

function cpuTimeOf({ pid }: RunningServer): number {
  return pid === undefined ? 0 : cpuTime(pid);
}
