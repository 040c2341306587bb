import type { Bytes } from "./relay.ts";

// A smaller buffer would cost more in copies than it saves.
const FIRST_CAPACITY = 16_384;

// What a policy adds to a body often has room here. Then the body is not copied.
const ROOM = 256;

/**
 * Collects pieces by copying them. Keeping a small piece itself would cost many times its size, and the
 * client chooses the size of its pieces.
 */
export class GrowingBuffer {
  readonly #limit: number;
  #buffer = new ArrayBuffer(0);
  #size = 0;

  /** @param limit the most bytes that it will hold */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of bytes in the buffer. */
  get size(): number {
    return this.#size;
  }

  /** The memory in bytes after `count` more bytes are appended. It at least doubles when it grows. */
  capacityWith(count: number): number {
    const { byteLength } = this.#buffer;
    const size = this.#size + count;
    if (size <= byteLength) return byteLength;
    return Math.max(size + ROOM, Math.min(this.#limit, Math.max(byteLength * 2, FIRST_CAPACITY)));
  }

  append(piece: Bytes): void {
    const capacity = this.capacityWith(piece.length);
    // A transfer frees the old memory at once, and not at the next garbage collection.
    if (capacity > this.#buffer.byteLength) this.#buffer = this.#buffer.transfer(capacity);
    new Uint8Array(this.#buffer, this.#size).set(piece);
    this.#size += piece.length;
  }

  /** The appended bytes, without a copy. */
  bytes(): Bytes {
    return new Uint8Array(this.#buffer, 0, this.#size);
  }

  /** Frees the memory at once. */
  clear(): void {
    this.#buffer = this.#buffer.transfer(0);
    this.#size = 0;
  }
}
