import { BACKSLASH, CONTROL, QUOTE, QUOTE_MARK } from "./json_characters.ts";
import { JsonError, type JsonErrorCode } from "./json_error.ts";
import type { JsonPath } from "./json_pointer.ts";

// Up to here a loop takes less time than the engine's search.
const SHORT = 32;
// An escape that `formatJson` would write in another way.
const ODD_ESCAPE = /\\[u/]/;

/** Reads the texts of a document. */
export class JsonTexts {
  /** Where the text ends that was read last: behind its last quotation mark. */
  end = 0;
  /** How many texts have escapes that `formatJson` would write in another way. The reader counts other things too. */
  deviations = 0;
  readonly #text: string;
  readonly #path: JsonPath;
  /** Where the next backslash stands, from where it was looked for last; Infinity: nowhere. */
  #backslash = -1;
  /** Whether there may be such escapes. */
  readonly #hasOddEscapes: boolean;

  /**
   * @param text of the whole document
   * @param path to the value that is being read, for errors
   */
  constructor(text: string, path: JsonPath) {
    this.#text = text;
    this.#path = path;
    this.#hasOddEscapes = ODD_ESCAPE.test(text);
  }

  /**
   * Reads a text.
   *
   * @param start where its first quotation mark stands
   * @throws JsonError
   */
  read(start: number): string {
    const short = this.#endOfShortText(start + 1);
    if (short !== undefined) {
      this.end = short + 1;
      return this.#text.slice(start + 1, short);
    }
    const quote = this.#find(QUOTE_MARK, start + 1);
    const isPlain = quote < this.#nextBackslash(start);
    this.end = (isPlain ? quote : this.#closingQuote(quote)) + 1;
    const literal = this.#text.slice(start, this.end);
    if (!isPlain) return this.#decodeEscapes(literal);
    if (CONTROL.test(literal)) this.#throw("syntax");
    return literal.slice(1, -1);
  }

  /** Where a short text without escapes ends. The engine's search takes less time for longer ones alone. */
  #endOfShortText(start: number): number | undefined {
    for (let index = start; index < start + SHORT; index++) {
      const code = this.#text.charCodeAt(index);
      if (code === QUOTE) return index;
      if (code === BACKSLASH || !(code >= 0x20)) return undefined;
    }
    return undefined;
  }

  /**
   * Where the text ends.
   *
   * @param first the first quotation mark in it; one that counts has an even number of backslashes before it
   */
  #closingQuote(first: number): number {
    for (let quote = first; ; quote = this.#find(QUOTE_MARK, quote + 1)) {
      let before = quote - 1;
      while (this.#text.charCodeAt(before) === BACKSLASH) before--;
      if ((quote - before) % 2 === 1) return quote;
    }
  }

  #nextBackslash(start: number): number {
    if (this.#backslash >= start) return this.#backslash;
    const found = this.#text.indexOf("\\", start);
    return (this.#backslash = found < 0 ? Infinity : found);
  }

  #find(character: string, start: number): number {
    const found = this.#text.indexOf(character, start);
    return found < 0 ? this.#throw("syntax") : found;
  }

  /** The engine's parser is the fastest, and refuses control characters too. */
  #decodeEscapes(literal: string): string {
    let text: string;
    try {
      text = JSON.parse(literal);
    } catch {
      return this.#throw("syntax");
    }
    if (this.#hasOddEscapes && ODD_ESCAPE.test(literal)) {
      this.deviations++;
      if (!text.isWellFormed()) this.#throw("lone_surrogate");
    }
    return text;
  }

  #throw(code: JsonErrorCode): never {
    throw new JsonError(code, this.#path);
  }
}
