import { type ChatHead, CHAT_PATH, createChatHeads } from "../load/chat_requests.ts";
import { assertRefused } from "../load/correctness.ts";
import { startHelper } from "../load/helper_process.ts";
import { tamperSignature } from "../load/signed_request.ts";
import { residentMemory } from "../measure/resident_memory.ts";
import { direct } from "../peers/direct.ts";
import { cpuTimeOf, type Member, startFleet } from "../peers/fleet.ts";
import type { Peer } from "../peers/peer.ts";
import { AUTHORIZATION, createBenchFolder, createSetup } from "../setup/test_bed.ts";
import { sharedClock } from "../streams/events.ts";
import type { CallerHandlers } from "./callers.ts";
import type { ProviderHandlers } from "./provider.ts";
import { formatQuestion } from "./question.ts";

/** How many answers are open at once, and how they come. */
export interface AnswerLoad {
  count: number;
  /** The pieces of an answer. */
  length: number;
  /** The pieces of an answer in a second. */
  perSecond: number;
}

const TOLERANCE = 1.1;

/** A peer with answers that wait for their next piece. */
export type OpenAnswers = Awaited<ReturnType<typeof openAnswers>>;

/** What the answers of some seconds took. */
export interface AnswerCost {
  /** Milliseconds of CPU for an answer. */
  cpu: number;
  /** Milliseconds from a request to the first piece. */
  p50: number;
  p99: number;
  /** Resident memory with all answers open, in MiB. */
  memory: number;
  /** Answers a second. */
  rate: number;
  /** Whether the events came so late that the peer cannot keep up with its provider. */
  isLate: boolean;
}

/**
 * Starts a peer with a provider and callers of its own, and opens all answers.
 *
 * @param peer the peer
 * @param load the answers
 * @param warmUpMs how long it has short answers before that
 * @param stack stops all
 */
export async function openAnswers(
  peer: Peer,
  load: AnswerLoad,
  warmUpMs: number,
  stack: AsyncDisposableStack,
) {
  const provider = stack.use(startHelper<ProviderHandlers>("answers/provider.ts", AUTHORIZATION));
  const upstream = `http://127.0.0.1:${await provider.call("port")}`;
  const folder = await createBenchFolder(stack);
  const setup = createSetup({ upstream, folder, fixedTarget: CHAT_PATH });
  const [member] = await startFleet([peer], setup, stack);
  const signed = await createChatHeads(load.count, peer, setup);
  await assertVerifying(member!, signed[0]!);
  const heads = peer === direct ? signed.map((head) => ({ ...head, target: CHAT_PATH })) : signed;
  const callers = stack.use(startHelper<CallerHandlers>("answers/callers.ts"));
  const { port } = member!.server;
  await callers.call("warmUp", port, heads, warmUpMs);
  await callers.call("open", port, heads, load.length);
  await callers.call("collect", await provider.call("pieces"));
  return { member: member!, load, provider, callers };
}

/** @throws Error when a peer that verifies takes a changed signature */
async function assertVerifying(member: Member, head: ChatHead): Promise<void> {
  if (!member.peer.verifies || member.peer.callerHeaders) return;
  const body = formatQuestion({ number: 0, length: 1 });
  await assertRefused(member, { ...tamperSignature(head), body }, "a changed signature");
}

/**
 * Lets all answers go on for some seconds, each followed by the next one, and waits until all was received.
 *
 * @throws Error when an event was lost, or a request had the wrong key
 */
export async function measureAnswers(
  { member: { peer, server }, load, provider, callers }: OpenAnswers,
  seconds: number,
): Promise<AnswerCost> {
  const [start, cpuBefore] = [sharedClock(), cpuTimeOf(server)];
  await provider.call("write", seconds, load.perSecond);
  const received = await callers.call("collect", await provider.call("pieces"));
  const cpuUsed = cpuTimeOf(server) - cpuBefore;
  if (received.lost !== 0) throw new Error(`${peer.name}: ${received.lost} events were lost`);
  const { answers, authorized } = await provider.call("counts");
  if (authorized !== (peer.verifies ? answers : 0)) {
    throw new Error(`${peer.name}: ${authorized} of ${answers} requests had the key`);
  }
  const whole = received.pieces / load.length;
  const took = (received.lastMs - start) / 1000;
  return {
    cpu: cpuUsed / 1000 / whole,
    p50: received.p50Ms,
    p99: received.p99Ms,
    memory: server.pid === undefined ? Number.NaN : residentMemory(server.pid) / 2 ** 20,
    rate: whole / took,
    isLate: took > seconds * TOLERANCE,
  };
}
