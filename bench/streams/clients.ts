import { createHttpReader } from "../../tests/support/http_reader.ts";
import { clock, type Event, takeEvents } from "./events.ts";
import { obey } from "../load/helper_process.ts";

// The readers of all event streams, on bare sockets for the same reason as the feed.

export type ClientOrders = typeof orders;

/** What the streams got. */
export interface Received {
  events: number;
  /** By how many events the streams are away from what each should have got. */
  lost: number;
  /** How many latencies were taken, and what they are, in milliseconds from sending to reading. */
  samples: number;
  p50Ms: number;
  p99Ms: number;
}

// All events of some streams, as single events of all streams would leave out the order among them.
const SAMPLED = 10;
const OPENED_AT_ONCE = 50;
const PATIENCE_MS = 20_000;

/** How many events each stream has got. */
const counts: number[] = [];
let collected = 0;
let latencies: number[] = [];

const orders = {
  /** Opens a stream for each path; done when each has got its first event. */
  async open(port: number, paths: string[]) {
    const waiting = [...paths.entries()];
    const openSome = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await open(port, ...next);
    };
    await Promise.all(Array.from({ length: OPENED_AT_ONCE }, openSome));
  },

  /** Waits until each stream has got that many events in all, and says what came since the last time. */
  async collect(each: number): Promise<Received> {
    const deadline = Date.now() + PATIENCE_MS;
    const lost = () => counts.reduce((sum, count) => sum + Math.abs(each - count), 0);
    while (lost() > 0 && Date.now() < deadline) await Bun.sleep(20);
    const sorted = latencies.toSorted((a, b) => a - b);
    latencies = [];
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    const all = counts.reduce((sum, count) => sum + count);
    const events = all - collected;
    collected = all;
    return { events, lost: lost(), samples: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) };
  },
};

async function open(port: number, stream: number, path: string): Promise<void> {
  counts[stream] = 0;
  const first = Promise.withResolvers<void>();
  const reader = createHttpReader({ isResponse: true });
  let text = "";
  await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open(socket) {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
      },
      data(_, bytes) {
        for (const event of reader.push(bytes)) {
          if (event.kind === "end") throw new Error(`stream ${stream} has ended`);
          if (event.kind === "body") text += event.bytes.toString("latin1");
          else if (event.head.status !== 200) throw new Error(event.head.head);
        }
        const taken = takeEvents(text);
        text = taken.rest;
        for (const event of taken.events) count(stream, event);
        if (counts[stream]! > 0) first.resolve();
      },
      close() {
        throw new Error(`stream ${stream} was closed`);
      },
    },
  });
  await first.promise;
}

/** @throws Error when it is not the event that has to come next on that stream */
function count(stream: number, event: Event): void {
  if (event.stream !== stream || event.sequence !== counts[stream]) {
    const { stream: other, sequence } = event;
    throw new Error(`stream ${stream}: event ${sequence} of ${other}, not ${counts[stream]}`);
  }
  counts[stream] += 1;
  if (stream % SAMPLED === 0) latencies.push(clock() - event.sentMs);
}

obey(orders);
