import { JsonError } from "./json_error.ts";
import type { JsonDocument } from "./json_document.ts";
import { JsonReader } from "./json_reader.ts";
import type { JsonValue } from "./json_value.ts";

/** Limits of {@link parseStrictJson}. The caller limits the length of the text. */
export interface JsonLimits {
  /** The greatest nesting depth of lists and objects. Default: 64. */
  maxDepth?: number;
  /**
   * The greatest number of values, nested values included. The greatest of an object's names that is a whole
   * number below 1,000 counts as an eighth of it, because of the memory that it takes. Default: 100,000.
   */
  maxValues?: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses JSON (RFC 8259) that every parser reads in the same way. It refuses invalid UTF-8, a byte-order
 * mark, a lone surrogate; a name that occurs twice in an object, when case is folded as Unicode's
 * simple case folding does; the name `__proto__`; a number that is infinite as a double, and an integer
 * without fraction and exponent beyond ±(2^53 − 1); too much depth or too many values.
 *
 * It takes time in proportion to the length of the text.
 *
 * @param input the text, or its bytes in UTF-8
 * @param limits of depth and number
 * @returns the value. Numbers keep their text: see {@link JsonNumber}
 * @throws JsonError with the reason and the place of the first mistake
 */
export function parseStrictJson(input: string | Uint8Array, limits: JsonLimits = {}): JsonValue {
  return readStrictJson(input, limits).value;
}

/**
 * Parses JSON as {@link parseStrictJson} does, for a value that will be written again with
 * `formatJsonLike`.
 *
 * @param input the text, or its bytes in UTF-8
 * @param limits of depth and number
 * @throws JsonError with the reason and the place of the first mistake
 */
export function readStrictJson(
  input: string | Uint8Array,
  { maxDepth = 64, maxValues = 100_000 }: JsonLimits = {},
): JsonDocument {
  const text = decode(input);
  const reader = new JsonReader(text, maxDepth, maxValues);
  return { value: reader.readDocument(), text, spans: reader.spans };
}

function decode(input: string | Uint8Array): string {
  if (typeof input === "string") {
    if (!input.isWellFormed()) throw new JsonError("lone_surrogate");
    return input;
  }
  try {
    return decoder.decode(input);
  } catch {
    throw new JsonError("not_utf8");
  }
}
