import type { Bytes } from "./relay.ts";

// Smaller steps would copy more often than they save.
const FIRST_CAPACITY = 16_384;

/**
 * Collects pieces by copying them. A piece that is kept costs many times its own size when it is small,
 * and a client chooses the size of its pieces.
 */
export class GrowingBuffer {
  readonly #limit: number;
  #buffer = new ArrayBuffer(0);
  #size = 0;

  /** @param limit the most that it will be given, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes it holds. */
  get size(): number {
    return this.#size;
  }

  /** How much memory it has once it holds so many bytes more. It at least doubles when it grows. */
  capacityWith(count: number): number {
    const { byteLength } = this.#buffer;
    const size = this.#size + count;
    if (size <= byteLength) return byteLength;
    return Math.max(size, Math.min(this.#limit, Math.max(byteLength * 2, FIRST_CAPACITY)));
  }

  append(piece: Bytes): void {
    const capacity = this.capacityWith(piece.length);
    // A transfer gives the old memory back at once, and not at the next garbage collection.
    if (capacity > this.#buffer.byteLength) this.#buffer = this.#buffer.transfer(capacity);
    new Uint8Array(this.#buffer, this.#size).set(piece);
    this.#size += piece.length;
  }

  /** What was appended, without a copy. */
  bytes(): Bytes {
    return new Uint8Array(this.#buffer, 0, this.#size);
  }

  /** Gives the memory back at once. */
  clear(): void {
    this.#buffer = this.#buffer.transfer(0);
    this.#size = 0;
  }
}
