import type { BodyReader, Bytes, Piece } from "./relay.ts";

/** Reads a body, passes each piece to an observer, and can drain the rest after its consumer has left. */
export class ObservedReader implements BodyReader {
  readonly #reader: BodyReader;
  readonly #onPiece: (piece: Bytes) => void;
  readonly #onEnd: () => void;
  #reading: Promise<Piece> | undefined;
  #draining: Promise<void> | undefined;

  /**
   * @param reader reads the body
   * @param onPiece called once for each piece, whether the consumer reads it or it is drained
   * @param onEnd called when the whole body was read; not called when reading fails
   */
  constructor(reader: BodyReader, onPiece: (piece: Bytes) => void, onEnd: () => void) {
    this.#reader = reader;
    this.#onPiece = onPiece;
    this.#onEnd = onEnd;
  }

  /** Reads the next piece. While the rest is drained it waits for the end. */
  async read(): Promise<Piece> {
    if (!this.#draining) return this.#readNext();
    await this.#draining;
    return { done: true, value: undefined };
  }

  /** Cancels the body, unless it is read to its end. */
  cancel(reason?: unknown): Promise<void> {
    return this.#draining ? Promise.resolve() : this.#reader.cancel(reason);
  }

  /**
   * Reads the rest of the body. Nobody else gets any more of it.
   *
   * @param watch told when a piece is requested and when it has arrived
   * @returns a promise that resolves at the end of the body, also when it failed
   */
  drain(watch: { wait(): void; arrived(): void }): Promise<void> {
    return (this.#draining ??= this.#drain(watch));
  }

  async #drain(watch: { wait(): void; arrived(): void }): Promise<void> {
    try {
      for (;;) {
        watch.wait();
        // A piece that was requested before comes first: the runtime's streams are read one piece at a time.
        const { done } = await (this.#reading ?? this.#readNext());
        if (done) return;
        watch.arrived();
      }
    } catch {
      // The upstream ended the body early. Then there is no report, and nothing else to do.
    }
  }

  #readNext(): Promise<Piece> {
    const reading = this.#reader.read().then((piece) => {
      this.#reading = undefined;
      if (piece.value) this.#onPiece(piece.value);
      if (piece.done) this.#onEnd();
      return piece;
    });
    this.#reading = reading;
    return reading;
  }
}
