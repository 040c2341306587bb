import type { TokenContent } from "../../signing/verify.ts";

// Of signed parts, in each of two maps: some thousand tokens of the usual length.
const MOST_CHARACTERS = 524_288;

// Of tokens that came once.
const MOST_ONCE = 8192;

/**
 * What the tokens say that came lately, so that a token of many requests is parsed twice and not each time. It is found by
 * what is signed of a token, which is no secret; the signature of each request is verified.
 */
export class KnownContents {
  readonly #most: number;
  #recent = new Map<string, TokenContent>();
  #older = new Map<string, TokenContent>();
  /** Of the recent ones. */
  #characters = 0;
  /** The first four bytes of the signatures of tokens that came once. Many never come again. */
  readonly #once = new Set<number>();

  /** @param most how many characters the signed parts may have, in each of two maps. Default: 524,288 */
  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
  }

  /**
   * Finds what a token says.
   *
   * @param signed header and payload of the token, as in RFC 7515, section 5.1
   * @returns `undefined` when it did not come lately
   */
  find(signed: string): TokenContent | undefined {
    const recent = this.#recent.get(signed);
    if (recent) return recent;
    const older = this.#older.get(signed);
    if (older) this.#add(signed, older);
    return older;
  }

  /**
   * Keeps what a token says that came before, until many others have come.
   *
   * @param signed header and payload of the token. It must not be a part of a longer text, which would be kept with it
   * @param signature which was verified
   * @param content what the token says
   */
  keep(signed: string, signature: Uint8Array, content: TokenContent): void {
    const [first = 0, second = 0, third = 0, fourth = 0] = signature;
    const start = (first << 24) | (second << 16) | (third << 8) | fourth;
    if (this.#once.delete(start)) return this.#add(signed, content);
    if (this.#once.size === MOST_ONCE) this.#once.clear();
    this.#once.add(start);
  }

  #add(signed: string, content: TokenContent): void {
    this.#characters += signed.length;
    if (this.#characters > this.#most) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#characters = signed.length;
    }
    this.#recent.set(signed, content);
  }
}
