import type { BodyReader, Bytes, Piece } from "./relay.ts";

/** Reads a body, shows each piece, and can read on when nobody wants the rest. */
export class ObservedReader implements BodyReader {
  readonly #reader: BodyReader;
  readonly #onPiece: (piece: Bytes) => void;
  #draining: Promise<void> | undefined;

  /**
   * @param reader reads the body
   * @param onPiece called once for each piece, whoever reads it
   */
  constructor(reader: BodyReader, onPiece: (piece: Bytes) => void) {
    this.#reader = reader;
    this.#onPiece = onPiece;
  }

  async read(): Promise<Piece> {
    const piece = await this.#reader.read();
    if (piece.value) this.#onPiece(piece.value);
    return piece;
  }

  /** Cancels the body, unless it is read to its end. */
  cancel(reason?: unknown): Promise<void> {
    return this.#draining ? Promise.resolve() : this.#reader.cancel(reason);
  }

  /**
   * Reads the rest of the body, whether or not others read as well.
   *
   * @param watch told when a piece is requested and when it has arrived
   * @returns a promise that resolves at the end of the body, also when it failed
   */
  drain(watch: { wait: () => void; arrived: () => void }): Promise<void> {
    return (this.#draining ??= this.#drain(watch));
  }

  async #drain({ wait, arrived }: { wait: () => void; arrived: () => void }): Promise<void> {
    try {
      for (;;) {
        wait();
        const { done } = await this.read();
        if (done) return;
        arrived();
      }
    } catch {
      // The upstream ended the body early. Then there is no report, and nothing else to do.
    }
  }
}
