/** The most bytes of a member that is kept. */
const MAX_MEMBER = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OBJECT = 0x7b;

/** What a byte outside of strings is. */
const OTHER = 0;
const SPACE = 1;
const OPENING = 2;
const CLOSING = 3;

const KINDS: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, byte) => {
  const kind = ["", " \t\n\r", "[{", "]}", '",:'].findIndex((bytes) =>
    bytes.includes(String.fromCharCode(byte)),
  );
  return Math.max(kind, OTHER);
});

const decoder = new TextDecoder();

/**
 * Finds members of a body of JSON, which is an object or a list of objects, while it passes by. It holds only these
 * members, whatever the size of the body is. It does not check that everything else is JSON.
 */
export class JsonMembers {
  readonly #wanted: readonly string[];
  readonly #texts = new Map<string, string>();
  #depth = 0;
  /** The depth of the members of objects in question. */
  #level = 0;
  /** Whether they are the members of an object. */
  #isObject = false;
  #isInString = false;
  #isEscaped = false;
  /** Whether the next string is the name of a member in question. */
  #isName = false;
  #name: string | undefined;
  /** What earlier pieces had of the name or the value that is being kept. Absent: none is. */
  #kept: Uint8Array[] | undefined;
  #size = 0;
  /** Where its bytes begin in the current piece. */
  #from = 0;
  #isClosed = false;
  #isBroken = false;

  /** @param wanted the names of the members */
  constructor(wanted: readonly string[]) {
    this.#wanted = wanted;
  }

  /** Whether the whole body was read. */
  get isComplete(): boolean {
    return this.#isClosed && !this.#isBroken;
  }

  /** The text of a member; of a list of objects, that of the last one which has it. */
  text(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** Reads the next piece of the body. */
  read(piece: Uint8Array): void {
    if (this.#isBroken) return;
    this.#from = 0;
    let index = 0;
    while (index < piece.length && !this.#isBroken) {
      if (this.#isInString) index = this.#readString(piece, index);
      else index = this.#readSign(piece, index);
    }
    this.#keepUntil(piece, piece.length);
  }

  /** @returns the index behind the end of the string, or of the piece */
  #readString(piece: Uint8Array, start: number): number {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      return start + 1;
    }
    const quote = piece.indexOf(QUOTE, start);
    const end = quote < 0 ? piece.length : quote;
    let escapes = end;
    while (escapes > start && piece[escapes - 1] === BACKSLASH) escapes--;
    const isEscaped = (end - escapes) % 2 === 1;
    if (quote < 0) {
      this.#isEscaped = isEscaped;
      return end;
    }
    if (isEscaped) return quote + 1;
    this.#isInString = false;
    if (this.#isName) this.#endName(piece, quote);
    return quote + 1;
  }

  /** @returns the index behind the next byte that is a sign */
  #readSign(piece: Uint8Array, start: number): number {
    let index = start;
    // Numbers and spaces change nothing, once the body has begun.
    if (this.#depth > 0) while (KINDS[piece[index]!]! < OPENING) index++;
    if (index >= piece.length) return index;
    const byte = piece[index]!;
    const kind = KINDS[byte]!;
    if (kind === OPENING) this.#open(byte);
    else if (kind === CLOSING) this.#close(piece, index);
    else if (byte === QUOTE) this.#beginString(index);
    else if (this.#depth === 0) this.#isBroken ||= kind !== SPACE;
    else if (this.#depth === this.#level && byte === COMMA) this.#endMember(piece, index);
    else if (this.#depth === this.#level && byte === COLON) this.#beginValue(index + 1);
    return index + 1;
  }

  #beginString(index: number): void {
    this.#isBroken ||= this.#depth === 0;
    this.#isInString = true;
    if (this.#isName) this.#keepFrom(index + 1);
  }

  #endName(piece: Uint8Array, end: number): void {
    const name = this.#textUntil(piece, end) ?? "";
    this.#isName = false;
    this.#name = this.#wanted.includes(name) ? name : undefined;
  }

  #beginValue(start: number): void {
    if (this.#name !== undefined && !this.#kept) this.#keepFrom(start);
  }

  #endMember(piece: Uint8Array, end: number): void {
    this.#endValue(piece, end);
    this.#isName = this.#isObject;
  }

  #endValue(piece: Uint8Array, end: number): void {
    if (this.#name === undefined || !this.#kept) return;
    this.#texts.set(this.#name, this.#textUntil(piece, end) ?? "");
    this.#name = undefined;
  }

  #open(byte: number): void {
    if (this.#depth === 0) {
      this.#isBroken ||= this.#isClosed;
      this.#level = byte === OBJECT ? 1 : 2;
    }
    this.#depth++;
    if (this.#depth !== this.#level) return;
    this.#isObject = byte === OBJECT;
    this.#isName = this.#isObject;
  }

  #close(piece: Uint8Array, index: number): void {
    if (this.#depth === this.#level) {
      this.#endValue(piece, index);
      this.#isName = false;
    }
    this.#depth--;
    this.#isBroken ||= this.#depth < 0;
    this.#isClosed = this.#depth === 0;
  }

  #keepFrom(start: number): void {
    this.#kept = [];
    this.#size = 0;
    this.#from = start;
  }

  #keepUntil(piece: Uint8Array, end: number): void {
    if (!this.#kept || end <= this.#from) return;
    this.#size += end - this.#from;
    if (this.#size > MAX_MEMBER) this.#isBroken = true;
    // A copy: the piece itself may be a small part of much memory.
    else this.#kept.push(piece.slice(this.#from, end));
  }

  #textUntil(piece: Uint8Array, end: number): string | undefined {
    if (!this.#kept) return undefined;
    this.#keepUntil(piece, end);
    const parts = this.#kept;
    this.#kept = undefined;
    return decoder.decode(parts.length === 1 ? parts[0] : joined(parts));
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let index = 0;
  for (const part of parts) {
    bytes.set(part, index);
    index += part.length;
  }
  return bytes;
}
