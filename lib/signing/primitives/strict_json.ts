import { JsonError } from "./json_error.ts";
import { JsonReader, type JsonSpan } from "./json_reader.ts";
import { formatJson, isJsonObject, type JsonValue } from "./json_value.ts";

/** Limits of {@link parseStrictJson}. The caller limits the length of the text. */
export interface JsonLimits {
  /** The greatest nesting depth of lists and objects. Default: 64. */
  maxDepth?: number;
  /** The greatest number of values, nested values included. Default: 100,000. */
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

/** A document that was parsed, with what is needed to write it again. */
export interface JsonDocument {
  value: JsonValue;
  /** The text, decoded. */
  text: string;
  /** Where long lists and objects stand that {@link formatJson} would write in the same way. */
  spans: ReadonlyMap<JsonValue, JsonSpan>;
}

/**
 * Parses JSON as {@link parseStrictJson} does, for a value that will be written again with
 * {@link formatJsonLike}.
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

/**
 * Writes a value as {@link formatJson} does. Lists and objects that were read are copied from the document's
 * text where it is the same, which takes much less time. They must not have been changed: an edit makes new
 * ones.
 *
 * @param value the document's, or a new one with parts of it
 * @param document that was read
 */
export function formatJsonLike(value: JsonValue, { text, spans }: JsonDocument): string {
  if (spans.size === 0) return formatJson(value);
  const format = (part: JsonValue): string => {
    const span = spans.get(part);
    if (span) return text.slice(span.start, span.end);
    if (Array.isArray(part)) return `[${part.map(format).join(",")}]`;
    if (!isJsonObject(part)) return formatJson(part);
    const members = Object.entries(part).map(([n, v]) => `${JSON.stringify(n)}:${format(v)}`);
    return `{${members.join(",")}}`;
  };
  return format(value);
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
