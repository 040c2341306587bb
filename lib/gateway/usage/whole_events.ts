import { GrowingBuffer } from "../body/growing_buffer.ts";
import type { Bytes } from "../body/relay.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Divides an event stream into runs of whole events, without looking for the end of each. Lines end in LF, CR or CRLF.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class WholeEvents {
  readonly #limit: number;
  /** The beginning of an event whose end has not arrived. */
  #rest: GrowingBuffer;

  /** @param limit the most bytes of an event */
  constructor(limit: number) {
    this.#limit = limit;
    this.#rest = new GrowingBuffer(limit);
  }

  /**
   * Takes the next piece of the stream.
   *
   * @returns the events that end in it, from the beginning of the first one on; `undefined` when none does
   * @throws RangeError when an event is longer than the limit
   */
  push(piece: Bytes): Bytes | undefined {
    const { size } = this.#rest;
    if (size === 0) {
      const end = endOfLastEvent(piece, 0);
      this.#append(piece.subarray(end));
      return end === 0 ? undefined : piece.subarray(0, end);
    }
    this.#append(piece);
    const bytes = this.#rest.bytes();
    const end = endOfLastEvent(bytes, size);
    if (end === 0) return undefined;
    this.#rest = new GrowingBuffer(this.#limit);
    this.#append(bytes.subarray(end));
    return bytes.subarray(0, end);
  }

  #append(bytes: Bytes): void {
    if (bytes.length === 0) return;
    if (this.#rest.size + bytes.length > this.#limit) throw new RangeError("an event is too long");
    this.#rest.append(bytes);
  }
}

/** The index behind the last blank line that ends behind `start`; 0 when there is none. */
function endOfLastEvent(bytes: Bytes, start: number): number {
  for (let end = bytes.length; end > start; end--) if (isBlankLine(bytes, end)) return end;
  return 0;
}

/** Whether a blank line ends before an index. */
function isBlankLine(bytes: Bytes, end: number): boolean {
  const last = bytes[end - 1];
  if (last === LF) {
    const before = bytes[end - 2];
    return before === LF || (before === CR && isLineEnd(bytes[end - 3]));
  }
  return last === CR && bytes[end] !== LF && isLineEnd(bytes[end - 2]);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
