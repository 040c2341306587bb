/** A parser that sees bytes of anyone, and the texts that it is given. */
export interface Reader {
  /** Reads a text; a refusal is as good as an answer. */
  read: (text: string) => unknown;
  /** Pieces of the texts, by what they are. Each text is one piece, again and again. */
  pieces: Readonly<Record<string, string>>;
}
