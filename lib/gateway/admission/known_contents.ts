import type { TokenContent, UnverifiedToken } from "../../signing/verify.ts";

/** What a token says, parsed. */
export interface KnownContent {
  /** Its issuer and its audience, as of a token that is not verified. */
  claims: UnverifiedToken;
  content: TokenContent;
}

// Of signed parts, in each of two maps: some thousand tokens, with about 10 MB in all.
const MOST_CHARACTERS = 524_288;

const PLACES = 8192;

/**
 * What the tokens say that came lately, so that a token of many requests is parsed twice and not each time. It is found by
 * what is signed of a token, which is no secret; the signature of each request is verified.
 */
export class KnownContents {
  readonly #most: number;
  #recent = new Map<string, KnownContent>();
  #older = new Map<string, KnownContent>();
  /** Of the recent ones. */
  #characters = 0;
  /** Of tokens that came once, the beginning of the signature, at the place that it gives. Many tokens never come again. */
  readonly #once = new Uint32Array(PLACES);

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
  find(signed: string): KnownContent | undefined {
    const recent = this.#recent.get(signed);
    if (recent) return recent;
    const older = this.#older.get(signed);
    if (older) this.#add(signed, older);
    return older;
  }

  /**
   * Keeps what a token says that came before, until many others have come.
   *
   * @param signed header and payload of the token
   * @param signature which was verified
   * @param known what the token says
   */
  keep(signed: string, signature: Uint8Array, known: KnownContent): void {
    const [first = 0, second = 0, third = 0, fourth = 0] = signature;
    const beginning = ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
    const place = beginning % PLACES;
    if (this.#once[place] === beginning) this.#add(signed, known);
    else this.#once[place] = beginning;
  }

  #add(signed: string, known: KnownContent): void {
    this.#characters += signed.length;
    if (this.#characters > this.#most) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#characters = signed.length;
    }
    this.#recent.set(signed, known);
  }
}
