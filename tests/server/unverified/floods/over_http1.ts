import { once } from "node:events";
import { connect, type RawClient } from "../../../support/raw_client.ts";
import { chunk } from "../../../support/raw_upstream.ts";
import { requestBytes } from "../../../support/signed.ts";
import { chunkedHead } from "../flooded_gateway.ts";
import {
  type Answers,
  costlyHead,
  countAnswer,
  type Flood,
  type Flooded,
  type FloodName,
  type Head,
  HEADS_A_SECOND,
  LARGE,
  LATE,
  latePath,
  longHead,
  RATE,
  repeatedly,
  wait,
  wrongPath,
} from "./flood.ts";

const STEP_MS = 20;
const SIZE = 65_536;
const PIECE = Buffer.concat([
  Buffer.from("10000\r\n"),
  Buffer.alloc(SIZE, "ü"),
  Buffer.from("\r\n"),
]);

/** The end of a chunked body. */
export const END = "0\r\n\r\n";

/** The floods as raw bytes over HTTP/1.1. */
export const OVER_HTTP1: Readonly<Record<FloodName, Flood>> = {
  small_pieces: (to, isOver) =>
    flood(1, to, isOver, async (client) => {
      await client.write(chunkedHead(wrongPath(to)));
      const isDone = () => isOver() || isAnswered(client);
      await writeSteadily((data) => client.socket.write(data), 1, RATE, isDone);
    }),
  large_bodies: (to, isOver) =>
    flood(60, to, isOver, async (client) => {
      await pour(client, chunkedHead(wrongPath(to)), LARGE, isOver);
      if (!isOver()) await client.write(END);
      await answered(client, isOver);
    }),
  slow_bodies: (to, isOver) =>
    flood(60, to, isOver, async (client) => {
      await client.write(chunkedHead(wrongPath(to)));
      while (!isOver() && !isAnswered(client)) {
        await client.write(chunk("x"));
        await wait(1000, () => isOver() || isAnswered(client));
      }
    }),
  costly_hosts: (to, isOver) => floodWithHeads(costlyHead, to, isOver),
  late_bodies: (to, isOver) =>
    flood(40, to, isOver, async (client) => {
      await client.write(chunkedHead(latePath(to)));
      const half = chunk("x".repeat(LATE.half));
      await client.write(half);
      await wait(LATE.restMs, isOver);
      if (isOver()) return;
      await client.write(half + END);
      await answered(client, isOver);
    }),
  long_ids: (to, isOver) => floodWithHeads(longHead, to, isOver),
};

/**
 * Sends a chunked body as fast as the connection takes it, until it is sent or answered. Its end is not sent.
 */
export async function pour(
  client: RawClient,
  head: Uint8Array,
  length: number,
  isOver: () => boolean = () => false,
): Promise<void> {
  await client.write(head);
  const { socket } = client;
  for (let sent = 0; sent < length && !isAnswered(client) && !isOver(); sent += SIZE) {
    if (!socket.write(PIECE)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
  }
}

/** Writes chunks of one size until it is over, so many bytes in each second. */
export async function writeSteadily(
  write: (data: Buffer) => void,
  size: number,
  rate: number,
  isOver: () => boolean,
): Promise<void> {
  const piece = Buffer.from(chunk("x".repeat(size)), "latin1");
  const step = Buffer.concat(Array(Math.ceil((rate * STEP_MS) / 1000 / piece.length)).fill(piece));
  while (!isOver()) {
    write(step);
    await Bun.sleep(STEP_MS);
  }
}

async function flood(
  count: number,
  to: Flooded,
  isOver: () => boolean,
  send: (client: RawClient) => Promise<void>,
): Promise<Answers> {
  const answers: Answers = new Map();
  await repeatedly(count, isOver, () => onConnection(to, answers, send));
  return answers;
}

/** Opens a connection, sends something on it, and counts how it was answered. */
async function onConnection(
  { port }: Flooded,
  answers: Answers,
  send: (client: RawClient) => Promise<void>,
): Promise<void> {
  // Where nobody listens for a moment, an attacker tries again.
  const client = await connect(port).catch(() => Bun.sleep(50));
  if (!client) return;
  try {
    // The gateway may close the connection at any moment.
    await send(client).catch(() => {});
    countAnswer(answers, client.follow("POST")().head()?.status);
  } finally {
    client.socket.destroy();
  }
}

/** Sends one head after the other, whether or not they are answered. */
async function floodWithHeads(
  headOf: (number: number) => Head,
  to: Flooded,
  isOver: () => boolean,
): Promise<Answers> {
  const answers: Answers = new Map();
  const sent: Promise<unknown>[] = [];
  for (let number = 0; !isOver(); number++) {
    const { path, host } = headOf(number);
    const asking = onConnection(to, answers, async (client) => {
      await client.write(requestBytes("GET", path, { headers: [`Host: ${host}`] }));
      await answered(client, isOver);
    });
    sent.push(asking);
    await Bun.sleep(1000 / HEADS_A_SECOND);
  }
  await Promise.all(sent);
  return answers;
}

function isAnswered(client: RawClient): boolean {
  return client.received().length > 0 || client.ended() !== undefined || client.socket.destroyed;
}

// What is under way when the flood is over gets a moment.
async function answered(client: RawClient, isOver: () => boolean): Promise<void> {
  while (!isAnswered(client) && !isOver()) await Bun.sleep(5);
  if (!isAnswered(client)) await Bun.sleep(100);
}
