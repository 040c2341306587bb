import { foldCase, isFolded } from "./fold_case.ts";
import { JsonError, type JsonErrorCode } from "./json_error.ts";
import { JsonNumber, type JsonObject, type JsonValue } from "./json_value.ts";

const SHORT_INTEGER = /^(?:0|[1-9]\d{0,14})$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

// Character codes: to compare single characters as texts takes twice as long.
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const BYTE_ORDER_MARK = 0xfeff;

/** Reads one document. See `parseStrictJson`. */
export class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #valuesLeft: number;
  #index = 0;
  /** The names and indices that lead to the value that is being read. */
  readonly #path: (string | number)[] = [];

  /**
   * @param text well-formed
   * @param maxDepth how many lists and objects may stand in each other
   * @param maxValues how many values there may be
   */
  constructor(text: string, maxDepth: number, maxValues: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#valuesLeft = maxValues;
  }

  /**
   * Reads the whole text. It can be called once.
   *
   * @throws JsonError
   */
  readDocument(): JsonValue {
    if (this.#text.charCodeAt(0) === BYTE_ORDER_MARK) this.#throw("byte_order_mark");
    const value = this.#readValue();
    if (!Number.isNaN(this.#next())) this.#throw("trailing_text");
    return value;
  }

  #readValue(): JsonValue {
    if (--this.#valuesLeft < 0) this.#throw("too_many_values");
    switch (this.#next()) {
      case OBJECT:
        return this.#readObject();
      case LIST:
        return this.#readList();
      case QUOTE:
        return this.#readText();
      case 0x74:
        return this.#readWord("true", true);
      case 0x66:
        return this.#readWord("false", false);
      case 0x6e:
        return this.#readWord("null", null);
      default:
        return this.#readNumber();
    }
  }

  #readObject(): JsonObject {
    const object: JsonObject = Object.create(null);
    const foldedNames = new Set<string>();
    this.#enter();
    if (this.#skip(OBJECT_END)) return object;
    do {
      if (this.#next() !== QUOTE) this.#throw("syntax");
      const name = this.#readText();
      this.#path.push(name);
      this.#assertNewName(name, object, foldedNames);
      if (!this.#skip(COLON)) this.#throw("syntax");
      object[name] = this.#readValue();
      this.#path.pop();
    } while (this.#skip(COMMA));
    if (!this.#skip(OBJECT_END)) this.#throw("syntax");
    return object;
  }

  /**
   * @param name the next one of the object
   * @param object with the members before it
   * @param foldedNames of those members of which the names change when they are folded; the others are
   *   looked up in the object, which takes half the time
   */
  #assertNewName(name: string, object: JsonObject, foldedNames: Set<string>): void {
    if (name === "__proto__") this.#throw("name_reserved");
    const isPlain = isFolded(name);
    const folded = isPlain ? name : foldCase(name);
    if (folded in object || foldedNames.has(folded)) this.#throw("name_repeated");
    if (!isPlain) foldedNames.add(folded);
  }

  #readList(): JsonValue[] {
    const list: JsonValue[] = [];
    this.#enter();
    if (this.#skip(LIST_END)) return list;
    do {
      this.#path.push(list.length);
      list.push(this.#readValue());
      this.#path.pop();
    } while (this.#skip(COMMA));
    if (!this.#skip(LIST_END)) this.#throw("syntax");
    return list;
  }

  #enter(): void {
    if (this.#path.length >= this.#maxDepth) this.#throw("too_deep");
    this.#index++;
  }

  #readText(): string {
    const start = this.#index;
    let end = this.#endOfRun(start + 1);
    const isPlain = this.#text.charCodeAt(end) === QUOTE;
    while (this.#text.charCodeAt(end) === BACKSLASH) end = this.#endOfRun(end + 2);
    if (this.#text.charCodeAt(end) !== QUOTE) this.#throw("syntax");
    this.#index = end + 1;
    if (isPlain) return this.#text.slice(start + 1, end);
    const text = this.#decodeEscapes(this.#text.slice(start, this.#index));
    if (!text.isWellFormed()) this.#throw("lone_surrogate");
    return text;
  }

  /** Where the next quotation mark, backslash or control character stands, or the text ends. */
  #endOfRun(start: number): number {
    for (let index = start; ; index++) {
      const code = this.#text.charCodeAt(index);
      // Behind the end of the text it is NaN.
      if (code === QUOTE || code === BACKSLASH || !(code >= 0x20)) return index;
    }
  }

  #decodeEscapes(literal: string): string {
    try {
      return JSON.parse(literal);
    } catch {
      return this.#throw("syntax");
    }
  }

  #readNumber(): number | JsonNumber {
    const start = this.#index;
    while (isNumberPart(this.#text.charCodeAt(this.#index))) this.#index++;
    const text = this.#text.slice(start, this.#index);
    // Most numbers are whole and short, and need none of the checks.
    if (SHORT_INTEGER.test(text)) return Number(text);
    if (!NUMBER.test(text)) this.#throw("syntax");
    const value = Number(text);
    const isInteger = !/[.eE]/.test(text);
    if (isInteger ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
      this.#throw("number_too_large");
    }
    return String(value) === text ? value : new JsonNumber(text);
  }

  #readWord<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#index)) this.#throw("syntax");
    this.#index += word.length;
    return value;
  }

  /** Skips white space and gives the code of the character behind it, NaN at the end. */
  #next(): number {
    while (isWhiteSpace(this.#text.charCodeAt(this.#index))) this.#index++;
    return this.#text.charCodeAt(this.#index);
  }

  /** Skips white space and the character, if it is the next one. */
  #skip(code: number): boolean {
    if (this.#next() !== code) return false;
    this.#index++;
    return true;
  }

  #throw(code: JsonErrorCode): never {
    throw new JsonError(code, this.#path);
  }
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Whether it is a digit, `+`, `-`, `.`, `e` or `E`. */
function isNumberPart(code: number): boolean {
  if (code >= 0x30 && code <= 0x39) return true;
  return code === 0x2d || code === 0x2e || code === 0x2b || code === 0x65 || code === 0x45;
}
