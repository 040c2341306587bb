import { FRAME_CHECKSUM, FRAME_PRELUDE } from "../frame_form.ts";
import { GrowingBuffer } from "./growing_buffer.ts";
import type { Bytes } from "./relay.ts";

/**
 * Splits a body of the type `application/vnd.amazon.eventstream` into its frames
 * (https://smithy.io/2.0/aws/amazon-eventstream.html). Checksums are left to the client.
 */
export class FrameSplitter {
  readonly #limit: number;
  #rest: GrowingBuffer;
  #isExceeded = false;

  /** @param limit the most bytes of a frame */
  constructor(limit: number) {
    this.#limit = limit;
    this.#rest = new GrowingBuffer(limit);
  }

  /** Whether a frame was longer than the limit. From then on, all bytes are returned as they come. */
  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @returns the frames that they end, as they were
   * @throws RangeError when a frame is malformed
   */
  push(piece: Bytes): Bytes[] {
    if (this.#isExceeded) return [piece];
    const bytes = this.#withRest(piece);
    const frames: Bytes[] = [];
    let start = 0;
    while (bytes.length - start >= FRAME_PRELUDE) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0);
      if (length < FRAME_PRELUDE + FRAME_CHECKSUM) throw new RangeError("a frame is malformed");
      this.#isExceeded = length > this.#limit;
      if (this.#isExceeded) return [...frames, this.#withoutRest(bytes.subarray(start))];
      if (bytes.length - start < length) break;
      frames.push(bytes.subarray(start, start + length));
      start += length;
    }
    this.#keep(bytes, start);
    return frames;
  }

  /** What no frame ends at the end of the stream; empty if there is nothing. */
  end(): Bytes {
    const bytes = this.#rest.bytes();
    this.#rest = new GrowingBuffer(this.#limit);
    return bytes;
  }

  #withRest(piece: Bytes): Bytes {
    if (this.#rest.size === 0) return piece;
    this.#rest.append(piece);
    return this.#rest.bytes();
  }

  #withoutRest(bytes: Bytes): Bytes {
    // What is returned goes on using its memory.
    this.#rest = new GrowingBuffer(this.#limit);
    return bytes;
  }

  #keep(bytes: Bytes, start: number): void {
    const isKept = start === 0 && this.#rest.size > 0;
    if (isKept) return;
    // The frames that are returned go on using the memory.
    this.#rest = new GrowingBuffer(this.#limit);
    if (start < bytes.length) this.#rest.append(bytes.subarray(start));
  }
}
