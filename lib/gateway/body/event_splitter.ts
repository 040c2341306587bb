import type { Bytes } from "./relay.ts";
import { GrowingBuffer } from "./growing_buffer.ts";

const LF = 10;
const CR = 13;

/**
 * Splits an event stream into its events, each with the blank line that ends it. Lines end in LF, CR or CRLF. If only
 * the CR of the blank line has arrived, its LF follows by itself.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventSplitter {
  readonly #limit: number;
  #event: GrowingBuffer;
  #lineIsEmpty = true;
  #afterCr = false;
  /** Whether the CR ended an event. */
  #crEndedEvent = false;
  #isExceeded = false;

  /** @param limit the most bytes that are held of an event whose end has not arrived */
  constructor(limit: number) {
    this.#limit = limit;
    this.#event = new GrowingBuffer(limit);
  }

  /** Whether an event was longer than the limit. From then on, all bytes are returned as they come. */
  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @returns the events that they end, as they were
   */
  push(bytes: Bytes): Bytes[] {
    if (this.#isExceeded) return [bytes];
    const events: Bytes[] = [];
    let start = 0;
    for (let index = 0; index < bytes.length; index++) {
      if (!this.#endsEvent(bytes[index]!)) continue;
      // The LF of a CRLF belongs to the same event.
      if (this.#afterCr && bytes[index + 1] === LF) continue;
      const rest = bytes.subarray(start, index + 1);
      start = index + 1;
      if (this.#event.size === 0) {
        events.push(rest);
        continue;
      }
      this.#event.append(rest);
      events.push(this.end());
    }
    const rest = bytes.subarray(start);
    this.#isExceeded = this.#event.size + rest.length > this.#limit;
    if (this.#isExceeded) return [...events, this.end(), rest];
    if (rest.length > 0) this.#event.append(rest);
    return events;
  }

  /** The event at the end of the stream that no blank line ends; empty if there is none. */
  end(): Bytes {
    const bytes = this.#event.bytes();
    this.#event = new GrowingBuffer(this.#limit);
    return bytes;
  }

  #endsEvent(byte: number): boolean {
    const isRestOfCrLf = byte === LF && this.#afterCr;
    this.#afterCr = byte === CR;
    if (isRestOfCrLf) return this.#crEndedEvent;
    const wasEmpty = this.#lineIsEmpty;
    this.#lineIsEmpty = byte === LF || byte === CR;
    this.#crEndedEvent = this.#afterCr && wasEmpty;
    return this.#lineIsEmpty && wasEmpty;
  }
}
