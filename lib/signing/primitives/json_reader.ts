import { isExactNumber } from "./exact_number.ts";
import { foldCase, isFolded } from "./fold_case.ts";
import {
  BYTE_ORDER_MARK,
  COLON,
  COMMA,
  isDigit,
  isNumberPart,
  isWhiteSpace,
  LIST,
  LIST_END,
  NUMBER,
  OBJECT,
  OBJECT_END,
  QUOTE,
} from "./json_characters.ts";
import { JsonError, type JsonErrorCode } from "./json_error.ts";
import { JsonTexts } from "./json_texts.ts";
import { JsonNumber, type JsonObject, type JsonValue } from "./json_value.ts";

const SHORT_INTEGER = /^(?:0|[1-9]\d{0,14})$/;
// The places of shorter lists and objects are not kept: to write them costs less.
const LEAST_SPAN = 512;
// JavaScriptCore keeps a member with such a name in an array that has a place for each lower number too.
const ARRAY_INDEX = /^[1-9]\d{0,2}$/;
// A value takes at least as much memory as so many places.
const PLACES_OF_VALUE = 8;

/** The part of a text that is a value. */
export interface JsonSpan {
  start: number;
  /** Behind the last character. */
  end: number;
}

/** Reads one document. See `parseStrictJson`. */
export class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #valuesLeft: number;
  #index = 0;
  /** The names and indices that lead to the value that is being read. */
  readonly #path: (string | number)[] = [];
  /** Also counts what `formatJson` would write in another way: white space, escapes, the order of members. */
  readonly #texts: JsonTexts;
  /** Where long lists and objects stand that `formatJson` would write in the same way. */
  readonly spans = new Map<JsonValue, JsonSpan>();

  /**
   * @param text well-formed
   * @param maxDepth how many lists and objects may stand in each other
   * @param maxValues how many values there may be; the memory for numbers as names counts too
   */
  constructor(text: string, maxDepth: number, maxValues: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#valuesLeft = maxValues;
    this.#texts = new JsonTexts(text, this.#path);
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
    const code = this.#next();
    const start = this.#index;
    const deviations = this.#texts.deviations;
    switch (code) {
      case OBJECT:
        return this.#note(this.#readObject(), start, deviations);
      case LIST:
        return this.#note(this.#readList(), start, deviations);
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

  /** Notes where a value stands, if it is long and written as `formatJson` would write it. */
  #note<Value extends JsonValue>(value: Value, start: number, deviations: number): Value {
    if (deviations === this.#texts.deviations && this.#index - start >= LEAST_SPAN) {
      this.spans.set(value, { start, end: this.#index });
    }
    return value;
  }

  #readObject(): JsonObject {
    const object: JsonObject = Object.create(null);
    let foldedNames: Set<string> | undefined;
    this.#enter();
    if (this.#skip(OBJECT_END)) return object;
    let isFirst = true;
    let places = 0;
    do {
      if (this.#next() !== QUOTE) this.#throw("syntax");
      const name = this.#readText();
      this.#path.push(name);
      // Most objects have few names, and those are in lower case.
      if (!isFirst || name === "__proto__" || !isFolded(name)) {
        foldedNames = this.#assertNewName(name, object, foldedNames);
      }
      isFirst = false;
      if (isDigit(name.charCodeAt(0))) places = this.#countPlaces(name, places);
      if (!this.#skip(COLON)) this.#throw("syntax");
      object[name] = this.#readValue();
      this.#path.pop();
    } while (this.#skip(COMMA));
    if (!this.#skip(OBJECT_END)) this.#throw("syntax");
    return object;
  }

  /**
   * Counts the memory for a name that begins with a digit.
   *
   * @param name the next one of the object
   * @param places the greatest number among the names before it
   * @returns the greatest number with the next one
   */
  #countPlaces(name: string, places: number): number {
    // An object has its members with such names first, in ascending order.
    this.#texts.deviations++;
    const index = ARRAY_INDEX.test(name) ? Number(name) : 0;
    if (index <= places) return places;
    this.#valuesLeft -= (index - places) / PLACES_OF_VALUE;
    return index;
  }

  /**
   * @param name the next one of the object
   * @param object with the members before it
   * @param foldedNames of those members of which the names change when they are folded; the others are
   *   looked up in the object, which takes half the time
   * @returns the same with the next one
   */
  #assertNewName(
    name: string,
    object: JsonObject,
    foldedNames: Set<string> | undefined,
  ): Set<string> | undefined {
    if (name === "__proto__") this.#throw("name_reserved");
    const isPlain = isFolded(name);
    const folded = isPlain ? name : foldCase(name);
    if (object[folded] !== undefined || foldedNames?.has(folded)) this.#throw("name_repeated");
    return isPlain ? foldedNames : (foldedNames ?? new Set()).add(folded);
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
    const text = this.#texts.read(this.#index);
    this.#index = this.#texts.end;
    return text;
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
    if (!isInteger && !isExactNumber(text, value)) this.#throw("number_inexact");
    return String(value) === text ? value : new JsonNumber(text);
  }

  #readWord<Value>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#index)) this.#throw("syntax");
    this.#index += word.length;
    return value;
  }

  /** Skips white space and gives the code of the character behind it, NaN at the end. */
  #next(): number {
    const code = this.#text.charCodeAt(this.#index);
    if (!isWhiteSpace(code)) return code;
    this.#texts.deviations++;
    do this.#index++;
    while (isWhiteSpace(this.#text.charCodeAt(this.#index)));
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
