import { waitFor } from "../../support/wait_for.ts";
import { OPCODE } from "../../support/sockets/frames.ts";
import type { SocketPeer } from "../../support/sockets/socket_peer.ts";
import type { Case } from "./frame_cases.ts";

/** Codes with which a side fails a connection (RFC 6455, section 7.1.7). */
const FAILURES = [1002, 1007, 1009, 1011];

/**
 * Runs a case against an echo.
 *
 * @param it the case
 * @param peer the connection to the echo
 * @param isMasked whether this is the side of the client
 * @returns what differs from what is expected; `undefined` when nothing does
 */
export async function examine(
  it: Case,
  peer: SocketPeer,
  isMasked: boolean,
): Promise<string | undefined> {
  const isOver = () =>
    peer.ended() !== undefined || peer.frames.some(({ opcode }) => opcode === OPCODE.close);
  for (const bytes of it.sends(isMasked)) await peer.write(bytes);
  if (it.closes) {
    await waitFor(`the answers to ${it.id}`, () => isOver() || hasAll(it, peer), 10_000);
    await peer.close(1000);
  }
  await waitFor(`the end of ${it.id}`, isOver, 10_000);
  const difference = differenceOf(it, peer);
  peer.socket.destroy();
  return difference;
}

function hasAll({ echoes = [], pong }: Case, { frames }: SocketPeer): boolean {
  return (
    messagesIn(frames).length >= echoes.length && (pong === undefined || lastPong(frames) === pong)
  );
}

function lastPong(frames: SocketPeer["frames"]): string | undefined {
  return frames.findLast(({ opcode }) => opcode === OPCODE.pong)?.payload.toString("latin1");
}

function differenceOf(it: Case, { frames, ended }: SocketPeer): string | undefined {
  const messages = messagesIn(frames);
  const { echoes = [], pong, ends } = it;
  // A connection that fails may do so before it has echoed what came before.
  const least = ends === "failed" ? 0 : echoes.length;
  if (messages.length > echoes.length) return `${messages.length} messages came back`;
  if (messages.length < least) return `${messages.length} of ${least} messages came back`;
  for (const [index, [opcode, payload]] of messages.entries()) {
    const [expectedOpcode, expected] = echoes[index]!;
    if (opcode !== expectedOpcode || !payload.equals(expected)) return "another message came back";
  }
  if (pong !== undefined && lastPong(frames) !== pong) return "the pong is another one";
  return differenceOfEnd(ends, frames, ended());
}

function differenceOfEnd(
  expected: Case["ends"],
  frames: SocketPeer["frames"],
  ended: string | undefined,
): string | undefined {
  const close = frames.find(({ opcode }) => opcode === OPCODE.close);
  const code = close && close.payload.length >= 2 ? close.payload.readUInt16BE() : undefined;
  if (expected === "failed") {
    const isFailed = close ? code !== undefined && FAILURES.includes(code) : ended !== undefined;
    return isFailed ? undefined : `it ended with ${code}`;
  }
  if (expected === "plain")
    return close && code === undefined ? undefined : `it ended with ${code}`;
  return code === expected ? undefined : `it ended with ${code}`;
}

function messagesIn(frames: SocketPeer["frames"]): [opcode: number, payload: Buffer][] {
  const messages: [number, Buffer][] = [];
  let parts: Buffer[] = [];
  let kind = 0;
  for (const { opcode, payload, isFinal } of frames) {
    if (opcode >= OPCODE.close) continue;
    if (opcode !== OPCODE.more) kind = opcode;
    parts.push(payload);
    if (!isFinal) continue;
    messages.push([kind, Buffer.concat(parts)]);
    parts = [];
  }
  return messages;
}
