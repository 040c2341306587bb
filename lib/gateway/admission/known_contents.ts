import type { CompactParts, TokenContent } from "../../signing/verify.ts";

/** The content of a token that came lately. Requests share it, so it must not be changed. */
export interface KnownContent {
  content: TokenContent;
  /** The number of the map that it is in. */
  map: number;
}

/** A token whose signature was verified, and what was known of it when it came. */
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
 * The contents of tokens that came lately, so that a token of many requests is parsed twice and not each time. They are found
 * by the signed part of a token, which is no secret; its signature is verified with each request.
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
   * Finds the content of a token, which need not be verified.
   *
   * @param signed header and payload of the token, as in RFC 7515, section 5.1
   * @returns `undefined` when it did not come lately
   */
  find(signed: string): KnownContent | undefined {
    return this.#recent.get(signed) ?? this.#older.get(signed);
  }

  /**
   * Keeps the content of a token from the second time that it comes, until many others have come.
   *
   * @param token the token
   * @param signature its bytes, as they were verified
   * @param content what was parsed of it
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
