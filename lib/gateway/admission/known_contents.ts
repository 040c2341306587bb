import type { CompactParts, TokenContent } from "../../signing/verify.ts";

/** What a token says that came lately. Requests share it, so it must not be changed. */
export interface KnownContent {
  content: TokenContent;
  /** The number of the map that it is in. */
  map: number;
}

/** A token, and what was known of it when it came. */
interface VerifiedToken {
  parts: CompactParts;
  known?: KnownContent;
}

// In each of two maps: some thousand tokens of the usual length.
const MOST_CHARACTERS = 1024 * 1024;
// A token counts as so many characters more, because its objects are larger than its text.
const CHARACTERS_MORE = 256;
// Of tokens that came once.
const MOST_ONCE = 8192;

/**
 * What the tokens say that came lately, so that a token of many requests is parsed twice and not each time. It is found by
 * what is signed of a token, which is no secret; the signature of each request is verified.
 */
export class KnownContents {
  readonly #most: number;
  #recent = new Map<string, KnownContent>();
  #older = new Map<string, KnownContent>();
  /** The number of the map of recent ones. */
  #map = 0;
  /** In the map of recent ones. */
  #characters = 0;
  /** The first four bytes of the signatures of tokens that came once. Many never come again. */
  readonly #once = new Set<number>();

  /** @param most how many characters there may be in each of two maps. Default: 1,048,576 */
  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
  }

  /**
   * Finds what a token says, which need not be verified.
   *
   * @param signed header and payload of the token, as in RFC 7515, section 5.1
   * @returns `undefined` when it did not come lately
   */
  find(signed: string): KnownContent | undefined {
    return this.#recent.get(signed) ?? this.#older.get(signed);
  }

  /**
   * Keeps what a token says that comes for the second time, or again, until many others have come.
   *
   * @param token whose signature was verified
   * @param signature of the token
   * @param content what it says
   */
  keep({ parts, known }: VerifiedToken, signature: Uint8Array, content: TokenContent): void {
    if (known?.map === this.#map) return;
    if (!known && !this.#cameBefore(signature)) return;
    // Put together anew: a part of the URL or header would keep all of it in memory.
    this.#add(`${parts.header}.${parts.payload}`, content);
  }

  #cameBefore(signature: Uint8Array): boolean {
    let start = 0;
    for (let i = 0; i < 4; i++) start = (start << 8) | signature[i]!;
    if (this.#once.delete(start)) return true;
    if (this.#once.size === MOST_ONCE) this.#once.clear();
    this.#once.add(start);
    return false;
  }

  #add(signed: string, content: TokenContent): void {
    // Several of its requests may have come at once.
    if (this.#recent.has(signed)) return;
    const characters = signed.length + CHARACTERS_MORE;
    this.#characters += characters;
    if (this.#characters > this.#most) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#map++;
      this.#characters = characters;
    }
    this.#recent.set(signed, { content, map: this.#map });
  }
}
