import type { Gateway } from "../../../support/gateway.ts";
import { parseHead } from "../../../support/http_message.ts";
import { connect } from "../../../support/raw_client.ts";
import { signedTarget } from "../../../support/signed.ts";
import { frame, OPCODE } from "../../../support/sockets/frames.ts";
import { HANDSHAKE } from "../../../support/sockets/open_socket.ts";
import { type SocketPeer, socketPeer } from "../../../support/sockets/socket_peer.ts";
import { waitFor } from "../../../support/wait_for.ts";
import type { SocketPlan } from "./plan.ts";

/** How long anything may take: more than every limit of the gateway together. */
const PATIENCE_MS = 15_000;

/**
 * Plays the client of a plan.
 *
 * @returns how it ended, in a word; it begins with `wrong` when it should not have
 */
export async function talk(gateway: Gateway, upstream: string, plan: SocketPlan): Promise<string> {
  const client = await connect(gateway.port);
  try {
    const path = signedTarget(gateway.url, `${upstream}/${plan.number}`);
    const lines = [
      `GET ${path} HTTP/1.1`,
      "Host: g",
      `X-Request-Id: sock-${plan.number}`,
      ...HANDSHAKE,
    ];
    await sendHead(client.write, `${lines.join("\r\n")}\r\n\r\n`, plan);
    const head = await within("the answer", () => parseHead(client.received()) ?? client.ended());
    if (typeof head === "string") return "no_answer";
    if (head.status !== 101) return await refusal(client, head.status, plan);
    const rest = client.received().subarray(head.size);
    return await converse(socketPeer(client.socket, true, rest), plan);
  } finally {
    client.socket.destroy();
  }
}

const within = <T>(what: string, find: () => T | undefined | false) =>
  waitFor(what, find, PATIENCE_MS);

async function sendHead(
  write: (bytes: string) => Promise<void>,
  head: string,
  { fault }: SocketPlan,
): Promise<void> {
  const size = fault === "slow_handshake" ? 40 : head.length;
  for (let start = 0; start < head.length; start += size) {
    await write(head.slice(start, start + size));
    if (size < head.length) await Bun.sleep(20);
  }
}

async function refusal(
  client: Awaited<ReturnType<typeof connect>>,
  status: number,
  { fault }: SocketPlan,
): Promise<string> {
  const { body } = await client.response("GET", PATIENCE_MS);
  await client.closed(PATIENCE_MS);
  if (!fault.startsWith("refused")) return `refused_${status}`;
  return status === 403 && body.toString() === "never" ? "refused" : "wrong: another refusal";
}

async function converse(peer: SocketPeer, plan: SocketPlan): Promise<string> {
  for (const [index, size] of plan.sizes.entries()) {
    const payload = Buffer.alloc(size, index + 1);
    await peer.binary(payload);
    const echo = await within("an echo", () => dataIn(peer)[index] ?? peer.ended());
    if (typeof echo === "string") return "broke";
    if (!echo.payload.equals(payload)) return "wrong: another message";
  }
  await strike(peer, plan);
  if (plan.fault === "client_reset" || plan.fault === "client_fin") return "left";
  if (plan.fault === "client_stalled") return await stall(peer);
  await within("the end", () => closeIn(peer) ?? peer.ended());
  return endOf(peer);
}

const dataIn = ({ frames }: SocketPeer) => frames.filter(({ opcode }) => opcode < OPCODE.close);
const closeIn = ({ frames }: SocketPeer) => frames.find(({ opcode }) => opcode === OPCODE.close);

function endOf(peer: SocketPeer): string {
  const close = closeIn(peer);
  if (!close) return "broke";
  return close.payload.length < 2 ? "closed" : `closed_${close.payload.readUInt16BE()}`;
}

async function strike(peer: SocketPeer, { fault }: SocketPlan): Promise<void> {
  switch (fault) {
    case "client_reset":
      peer.socket.resetAndDestroy();
      return;
    case "client_fin":
      peer.socket.end();
      return;
    case "unfinished_fragments":
      for (let count = 0; count < 20; count++) {
        await peer.send(count === 0 ? OPCODE.text : OPCODE.more, "part", { isFinal: false });
      }
      return;
    case "ping_flood":
      await peer.write(
        Buffer.concat(Array(5000).fill(frame(OPCODE.ping, "flood", { isMasked: true }))),
      );
      await within("pongs", () => peer.frames.some(({ opcode }) => opcode === OPCODE.pong));
      return peer.close(1000);
    case "giant_frame":
      return peer.send(OPCODE.binary, "x", { length: 2 ** 40 });
    case "none":
    case "slow_handshake":
      return peer.close(1000);
    default:
      // The upstream strikes, or nobody says anything more.
      return;
  }
}

/** Reads nothing for a while, and then everything. */
async function stall({ socket, ended }: SocketPeer): Promise<string> {
  socket.pause();
  await Bun.sleep(1000);
  if (ended() !== undefined) return "broke";
  socket.resume();
  return "left";
}
