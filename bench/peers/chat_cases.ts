import { join } from "node:path";
import { createChatHeads } from "../load/chat_requests.ts";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { type Case, startFleet } from "./fleet.ts";
import type { Peer, Setup } from "./peer.ts";

const REQUESTS = 200;
const CONNECTIONS = 32;

/**
 * Starts peers, each to get the same 200 chat completions over and over on 32 connections.
 *
 * @param peers the rows
 * @param setup the settings for all of them
 * @param bodyOf the body of the `index`th request
 * @param stack stops them
 */
export async function startChatCases(
  peers: readonly Peer[],
  setup: Setup,
  bodyOf: (index: number) => string,
  stack: AsyncDisposableStack,
): Promise<Case[]> {
  const cases: Case[] = [];
  for (const member of await startFleet(peers, setup, stack)) {
    const heads = await createChatHeads(REQUESTS, member.peer, setup);
    const all = heads.map((head, index) => ({ ...head, body: bodyOf(index) }));
    await assertCorrect(member, all[7]!);
    const requests = await writeRequests(join(member.folder, "requests"), all);
    const group = `${CONNECTIONS} connections`;
    cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
  }
  return cases;
}
