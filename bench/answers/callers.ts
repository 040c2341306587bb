import type { ChatHead } from "../load/chat_requests.ts";
import { handleCalls } from "../load/helper_process.ts";
import { type Latencies, quantilesOf } from "../measure/latencies.ts";
import { sharedClock } from "../streams/events.ts";
import { type AwaitedAnswer, type Caller, connectCaller } from "./caller.ts";

// The callers of all answers, on bare sockets for the same reason as the provider. Each asks its next question as soon
// as its answer is complete.

export type CallerHandlers = ReturnType<typeof createCallers>;

/** The pieces that have come since the last time, and the times from a request to its first piece. */
export interface ReceivedPieces extends Latencies {
  pieces: number;
  /** The number of missing or surplus pieces. */
  lost: number;
  /** When the last one came, by `sharedClock`. */
  lastMs: number;
}

// Few enough that each waits for itself and not for the others.
const AT_ONCE = 4;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
const PATIENCE_MS = 60_000;

/**
 * Creates the callers.
 *
 * @returns the functions that the parent process can call
 */
function createCallers() {
  const tally = createTally();
  let questions = 0;

  const ask = (caller: Caller, length: number): AwaitedAnswer => {
    const answer = caller.ask({ number: questions++, length }, tally.countPiece);
    void answer.first.then(tally.noteFirst);
    return answer;
  };
  const keepAsking = async (caller: Caller, length: number): Promise<never> => {
    for (;;) await ask(caller, length).whole;
  };
  return {
    /** Gets answers of one piece for so long: compilers have to see first what is hot. */
    async warmUp(port: number, heads: ChatHead[], milliseconds: number): Promise<void> {
      const end = performance.now() + milliseconds;
      const warmOne = async (head: ChatHead): Promise<void> => {
        const caller = await connectCaller(port, head);
        while (performance.now() < end) await ask(caller, 1).whole;
        caller.close();
      };
      await Promise.all(heads.slice(0, AT_ONCE).map(warmOne));
    },

    /**
     * Begins to ask questions, each on a connection of its own; done when each has the first piece of its answer. The
     * first answers are of different lengths, so that they end one after the other, and so do those that follow.
     */
    async open(port: number, heads: ChatHead[], length: number): Promise<void> {
      const waiting = [...heads.entries()];
      const openSome = async (): Promise<void> => {
        for (let next = waiting.pop(); next; next = waiting.pop()) {
          const caller = await connectCaller(port, next[1]);
          const { first, whole } = ask(caller, firstLength(next[0], length));
          void whole.then(() => keepAsking(caller, length));
          await first;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, openSome));
    },

    /** Waits until there are so many pieces in all. */
    collect: tally.collect,
  };
}

/** Creates the count of all pieces. */
function createTally() {
  let pieces = 0;
  let collected = 0;
  let lastMs = 0;
  const firsts: number[] = [];
  return {
    countPiece(): void {
      pieces += 1;
      lastMs = sharedClock();
    },
    noteFirst: (waitedMs: number): void => void firsts.push(waitedMs),
    async collect(expected: number): Promise<ReceivedPieces> {
      const deadline = Date.now() + PATIENCE_MS;
      while (pieces < expected && Date.now() < deadline) await Bun.sleep(20);
      const received = pieces - collected;
      collected = pieces;
      const lost = Math.abs(expected - pieces);
      return { pieces: received, lost, lastMs, ...quantilesOf(firsts.splice(0)) };
    },
  };
}

/** The length of the first answer of a connection, at least two: neighbours are far apart, and all are spread evenly. */
function firstLength(connection: number, length: number): number {
  return length - Math.floor(((connection * GOLDEN_RATIO) % 1) * (length - 1));
}

handleCalls(createCallers());
