import { type Delivered, failedExport } from "./delivery.ts";
import type { EndedExchange } from "./spans.ts";

/** Settings of {@link SpanQueue}. */
export interface SpanQueueOptions {
  /** Exports exchanges. When it throws, their spans are lost. */
  send: (batch: readonly EndedExchange[]) => Promise<Delivered>;
  /** The longest time that an exchange waits while the collector answers, in milliseconds. */
  delay: number;
  /** Called with the number of exchanges whose spans are lost, and why. */
  onDropped: (exchanges: number, reason: string) => void;
}

/** The most exchanges that wait. Further ones are dropped. */
export const MAX_WAITING = 2048;

/** The most characters of their URLs and of what their tokens name, which callers choose. Further exchanges are dropped. */
export const MAX_CHARACTERS = 4 * 1024 * 1024;

/** As many exchanges as are encoded at a time, which takes about a millisecond. */
export const MAX_BATCH = 128;

/** Exchanges whose spans wait for their export. Adding one never waits, and their number and size are bounded. */
export class SpanQueue {
  readonly #options: SpanQueueOptions;
  #waiting: EndedExchange[] = [];
  #characters = 0;
  #timer: Timer | undefined;
  #sending: Promise<void> | undefined;

  /** @param options how batches are sent, and when */
  constructor(options: SpanQueueOptions) {
    this.#options = options;
  }

  /** Adds an exchange, or drops it when too many wait. */
  add(ended: EndedExchange): void {
    const characters = this.#characters + charactersOf(ended);
    if (this.#waiting.length >= MAX_WAITING || characters > MAX_CHARACTERS) {
      return this.#options.onDropped(1, "queue_full");
    }
    this.#characters = characters;
    this.#waiting.push(ended);
    if (this.#sending) return;
    if (this.#waiting.length >= MAX_BATCH) return void this.#start();
    if (this.#timer) return;
    this.#timer = setTimeout(() => void this.#start(), this.#options.delay);
    this.#timer.unref();
  }

  /** Sends everything. */
  async flush(): Promise<void> {
    await this.#start();
  }

  /** Drops everything that waits. */
  dropAll(): void {
    const { length } = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    if (length > 0) this.#options.onDropped(length, "stopped");
  }

  #start(): Promise<void> | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#sending ??= this.#sendAll();
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#sendBatch();
    } finally {
      this.#sending = undefined;
    }
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    for (const ended of batch) this.#characters -= charactersOf(ended);
    const { send, onDropped } = this.#options;
    const delivered = await Promise.try(send, batch).catch(failedExport);
    if (!delivered.isAccepted) onDropped(batch.length, delivered.reason);
  }
}

function charactersOf({ record, trace: { path = "", call } }: EndedExchange): number {
  const { upstream = "", subject = "", tokenId = "" } = record;
  const ofToken = subject.length + tokenId.length;
  return path.length + upstream.length + ofToken + (call ? call.url.href.length : 0);
}
