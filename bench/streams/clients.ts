import { handleCalls } from "../load/helper_process.ts";
import { type Latencies, quantilesOf } from "../measure/latencies.ts";
import { openStream } from "./open_stream.ts";
import { sharedClock, type StreamEvent } from "./events.ts";

// The readers of all event streams, on bare sockets for the same reason as the feed.

export type ClientHandlers = ReturnType<typeof createClients>;

/** The events that the streams received since the last time, and their latencies from sending to reading. */
export interface Received extends Latencies {
  events: number;
  /** The number of missing or surplus events, over all streams. */
  lost: number;
  /** The number of measured latencies. */
  samples: number;
}

// All events of some streams, as single events of all streams would leave out the order among them.
const SAMPLED = 10;
// Few enough that each waits for itself and not for the others.
const OPENED_AT_ONCE = 4;
const PATIENCE_MS = 20_000;

/**
 * Creates the clients.
 *
 * @returns the functions that the parent process can call
 */
function createClients() {
  /** How many events each stream has received. */
  const counts: number[] = [];
  let collected = 0;
  const latencies: number[] = [];

  const countEvent = (stream: number, event: StreamEvent): void => {
    assertNext(event, stream, counts[stream]!);
    counts[stream]! += 1;
    if (stream % SAMPLED === 0) latencies.push(sharedClock() - event.sentMs);
  };

  return {
    /** Opens a stream for each path; done when each has received its first event. */
    async open(port: number, paths: string[]): Promise<void> {
      await forEach([...paths.entries()], async ([stream, path]) => {
        counts[stream] = 0;
        const onEvent = (event: StreamEvent) => countEvent(stream, event);
        await openStream({ port, path, stream, onEvent });
      });
    },

    /**
     * Opens streams that leave with their first event, beside those that stay.
     *
     * @param paths theirs, which go on where the others end
     * @returns how long it took from the request to the first event
     */
    visit: (port: number, paths: string[]) => visit(port, paths, counts.length),

    /** Waits until each stream has received so many events in all. */
    async collect(each: number): Promise<Received> {
      const deadline = Date.now() + PATIENCE_MS;
      const countLost = () => counts.reduce((sum, count) => sum + Math.abs(each - count), 0);
      while (countLost() > 0 && Date.now() < deadline) await Bun.sleep(20);
      const measured = latencies.splice(0);
      const total = counts.reduce((sum, count) => sum + count);
      const events = total - collected;
      collected = total;
      return { events, lost: countLost(), samples: measured.length, ...quantilesOf(measured) };
    },
  };
}

async function visit(port: number, paths: string[], firstStream: number): Promise<Latencies> {
  const latencies: number[] = [];
  await forEach([...paths.entries()], async ([index, path]) => {
    const stream = firstStream + index;
    const onEvent = (event: StreamEvent) => assertNext(event, stream, 0);
    const { firstMs, end } = await openStream({ port, path, stream, onEvent });
    latencies.push(firstMs);
    end();
  });
  return quantilesOf(latencies);
}

async function forEach<Item>(items: Item[], open: (item: Item) => Promise<void>): Promise<void> {
  const openSome = async (): Promise<void> => {
    for (let next = items.pop(); next; next = items.pop()) await open(next);
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, openSome));
}

/** @throws Error when it is not the event that has to come next on that stream */
function assertNext({ stream: other, sequence }: StreamEvent, stream: number, next: number): void {
  if (other === stream && sequence === next) return;
  throw new Error(`stream ${stream}: event ${sequence} of ${other}, not ${next}`);
}

handleCalls(createClients());
