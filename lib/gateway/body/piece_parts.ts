import type { Bytes, Piece } from "./relay.ts";

// In so many bytes there are at most as many events.
const MOST_BYTES = 16_384;

/**
 * Divides large pieces of a body whose events are handled one by one. A piece of a megabyte may have a million of them, and
 * no other exchange goes on while they are handled.
 */
export class PieceParts {
  #rest: Bytes | undefined;

  /**
   * Begins a piece.
   *
   * @param piece which may be large
   * @returns its first part. {@link next} has the others
   */
  begin(piece: Piece): Piece {
    if (!piece.value || piece.value.length <= MOST_BYTES) return piece;
    this.#rest = piece.value.subarray(MOST_BYTES);
    return { done: false, value: piece.value.subarray(0, MOST_BYTES) };
  }

  /** What is left of the last piece, once other exchanges had a turn. It has to begin again. Absent: nothing is left. */
  next(): Promise<Piece> | undefined {
    const value = this.#rest;
    if (!value) return undefined;
    this.#rest = undefined;
    return new Promise((resolve) => setImmediate(() => resolve({ done: false, value })));
  }
}
