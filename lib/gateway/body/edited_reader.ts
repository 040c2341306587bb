import { PieceParts } from "./piece_parts.ts";
import type { BodyReader, Bytes, Piece } from "./relay.ts";

/** Takes the pieces of a body, and gives those of another. */
export interface Editor {
  take: (piece: Bytes) => Bytes[];
  /** Called at the end of the body. */
  end: () => Bytes[];
}

/** Reads a body as an editor changes it. When the editor throws, the body is cancelled. */
export class EditedReader implements BodyReader {
  readonly #source: BodyReader;
  readonly #editor: Editor;
  readonly #edited: Bytes[] = [];
  readonly #parts = new PieceParts();
  #isSourceDone = false;

  /**
   * @param source reads the body
   * @param editor changes it
   */
  constructor(source: BodyReader, editor: Editor) {
    this.#source = source;
    this.#editor = editor;
  }

  /** Reads on until there is a piece that is not empty, or the end. */
  async read(): Promise<Piece> {
    for (;;) {
      const value = this.#edited.shift();
      if (value) return { done: false, value };
      if (this.#isSourceDone) return { done: true, value: undefined };
      await this.#readSource();
    }
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#source.cancel(reason);
  }

  async #readSource(): Promise<void> {
    try {
      const piece = await (this.#parts.next() ?? this.#source.read());
      const { done, value } = this.#parts.begin(piece);
      this.#isSourceDone = done;
      const edited = done ? this.#editor.end() : this.#editor.take(value);
      this.#edited.push(...edited.filter(({ length }) => length > 0));
    } catch (error) {
      void this.#source.cancel().catch(() => {});
      throw error;
    }
  }
}
