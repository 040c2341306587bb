import type { ClientHttp2Stream } from "node:http2";
import { openSession } from "../flooded_gateway.ts";
import {
  type Answers,
  costlyHead,
  countAnswer,
  type Flood,
  type FloodName,
  type Head,
  HEADS_A_SECOND,
  LARGE,
  LATE,
  latePath,
  longHead,
  repeatedly,
  wait,
  wrongPath,
} from "./flood.ts";

type Session = ReturnType<typeof openSession>;

/** Opens streams on one connection, and knows how they were answered. */
interface Streams {
  open: Session["open"];
  /** Whether a stream was answered or closed. */
  isDone: (stream: ClientHttp2Stream) => boolean;
  answers: Answers;
}

/** The floods over one connection of HTTP/2. */
export const OVER_HTTP2: Readonly<Record<FloodName, Flood>> = {
  small_pieces: onOneConnection(1, async ({ open, isDone }, to, isOver) => {
    const stream = open(wrongPath(to));
    while (!isOver() && !isDone(stream)) {
      writeBytes(stream, 200);
      await Bun.sleep(5);
    }
    stream.close();
  }),
  large_bodies: onOneConnection(90, async ({ open, isDone }, to, isOver) => {
    const stream = open(wrongPath(to));
    const data = Buffer.alloc(65_536, "ü");
    for (let sent = 0; sent < LARGE && !isOver() && !isDone(stream); sent += data.length) {
      await write(stream, data, isOver);
    }
    if (!isOver()) stream.end();
    await wait(2000, () => isOver() || isDone(stream));
    stream.close();
  }),
  slow_bodies: onOneConnection(60, async ({ open, isDone }, to, isOver) => {
    const stream = open(wrongPath(to));
    while (!isOver() && !isDone(stream)) {
      writeBytes(stream, 1);
      await wait(1000, () => isOver() || isDone(stream));
    }
    stream.close();
  }),
  costly_hosts: floodWithHeads(costlyHead),
  late_bodies: onOneConnection(40, async ({ open, isDone }, to, isOver) => {
    const stream = open(latePath(to));
    const half = Buffer.alloc(LATE.half, "x");
    stream.write(half);
    await wait(LATE.restMs, isOver);
    if (!stream.destroyed && !isOver()) stream.end(half);
    await wait(2000, () => isOver() || isDone(stream));
    stream.close();
  }),
  long_ids: floodWithHeads(longHead),
};

function floodWithHeads(headOf: (number: number) => Head): Flood {
  return onOneConnection(1, async ({ open, isDone }, _to, isOver) => {
    const sent: ClientHttp2Stream[] = [];
    for (let number = 0; !isOver(); number++) {
      const { path, host } = headOf(number);
      const stream = open(path, { ":method": "GET", ":authority": host });
      stream.end();
      sent.push(stream);
      await Bun.sleep(1000 / HEADS_A_SECOND);
    }
    await wait(500, () => sent.every(isDone));
  });
}

function onOneConnection(
  count: number,
  task: (streams: Streams, ...rest: Parameters<Flood>) => Promise<void>,
): Flood {
  return async (to, isOver) => {
    using session = openSession(to, to.ca!);
    const answers: Answers = new Map();
    const answered = new WeakSet<ClientHttp2Stream>();
    const open: Session["open"] = (...request) => {
      const stream = session.open(...request);
      stream.on("response", ({ ":status": status }) => {
        answered.add(stream);
        countAnswer(answers, Number(status));
      });
      stream.on("close", () => {
        if (!answered.has(stream)) countAnswer(answers, undefined);
      });
      return stream;
    };
    const isDone = (stream: ClientHttp2Stream) => answered.has(stream) || stream.destroyed;
    await repeatedly(count, isOver, () => task({ open, isDone, answers }, to, isOver));
    await Bun.sleep(100);
    return answers;
  };
}

/** One byte in each DATA frame. */
function writeBytes(stream: ClientHttp2Stream, count: number): void {
  for (let i = 0; i < count && !stream.destroyed; i++) stream.write(Buffer.of(120));
}

async function write(
  stream: ClientHttp2Stream,
  data: Buffer,
  isOver: () => boolean,
): Promise<void> {
  if (stream.write(data)) return;
  await wait(10_000, () => isOver() || stream.destroyed || !stream.writableNeedDrain);
}
