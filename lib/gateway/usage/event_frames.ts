import { GrowingBuffer } from "../body/growing_buffer.ts";
import type { Bytes } from "../body/relay.ts";

/** A frame of a stream of AWS. */
export interface EventFrame {
  /** Its header `:event-type`. Empty: it has none, because it reports an error. */
  type: string;
  payload: Bytes;
}

// Length, length of the headers, checksum; and a checksum at the end.
const PRELUDE = 12;
const CHECKSUM = 4;

/** The lengths of values of headers by type; -1 when a length of two bytes stands before it. */
const VALUE_LENGTHS = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

const TEXT = 7;

/**
 * Divides a body of the type `application/vnd.amazon.eventstream` into frames
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html). Checksums are left to the client.
 */
export class EventFrames {
  readonly #limit: number;
  #rest: GrowingBuffer;

  /** @param limit the most bytes of a frame */
  constructor(limit: number) {
    this.#limit = limit;
    this.#rest = new GrowingBuffer(limit);
  }

  /**
   * Takes the next piece of the stream.
   *
   * @returns the frames that end in it
   * @throws RangeError when a frame is malformed or longer than the limit
   */
  push(piece: Bytes): EventFrame[] {
    if (this.#rest.size + piece.length > 2 * this.#limit) throw new RangeError("too long");
    this.#rest.append(piece);
    const bytes = this.#rest.bytes();
    const frames: EventFrame[] = [];
    let start = 0;
    while (bytes.length - start >= PRELUDE) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + start);
      const length = view.getUint32(0);
      if (length > this.#limit || length < PRELUDE + CHECKSUM) throw new RangeError("malformed");
      if (bytes.length - start < length) break;
      frames.push(frameOf(bytes.subarray(start, start + length), view.getUint32(4)));
      start += length;
    }
    if (start > 0) {
      this.#rest = new GrowingBuffer(this.#limit);
      if (start < bytes.length) this.#rest.append(bytes.subarray(start));
    }
    return frames;
  }
}

function frameOf(frame: Bytes, headersLength: number): EventFrame {
  const end = PRELUDE + headersLength;
  if (end > frame.length - CHECKSUM) throw new RangeError("the headers are too long");
  return {
    type: eventType(frame.subarray(PRELUDE, end)),
    payload: frame.subarray(end, frame.length - CHECKSUM),
  };
}

function eventType(headers: Bytes): string {
  const view = new DataView(headers.buffer, headers.byteOffset, headers.length);
  const textAt = (start: number, length: number) =>
    decoder.decode(headers.subarray(start, start + length));
  // A header that ends behind the headers makes the view throw a RangeError.
  for (let at = 0; at < headers.length;) {
    const nameLength = view.getUint8(at);
    const name = textAt(at + 1, nameLength);
    const type = view.getUint8(at + 1 + nameLength);
    at += 2 + nameLength;
    const fixed = VALUE_LENGTHS[type];
    if (fixed === undefined) throw new RangeError("a header of an unknown type");
    const length = fixed >= 0 ? fixed : view.getUint16(at);
    if (fixed < 0) at += 2;
    if (name === ":event-type" && type === TEXT) return textAt(at, length);
    at += length;
  }
  return "";
}

const decoder = new TextDecoder();
