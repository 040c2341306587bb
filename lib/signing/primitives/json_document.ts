import { utf8 } from "./encoding.ts";
import type { JsonSpan } from "./json_reader.ts";
import { formatJson, isJsonObject, type JsonObject, type JsonValue } from "./json_value.ts";

/** A document that was parsed, with what is needed to write it again. */
export interface JsonDocument {
  value: JsonValue;
  /** The text, decoded. */
  text: string;
  /** Where long lists and objects stand that {@link formatJson} would write in the same way. */
  spans: ReadonlyMap<JsonValue, JsonSpan>;
}

/**
 * Writes a value as {@link formatJson} does. Lists and objects that were read are copied from the document's
 * text where it is the same, which takes much less time. They must not have been changed: an edit makes new
 * ones.
 *
 * @param value the document's, or a new one with parts of it
 * @param document that was read
 */
export function formatJsonLike(value: JsonValue, document: JsonDocument): string {
  const { text } = document;
  const parts = partsOf(value, document);
  return parts.map((it) => (typeof it === "string" ? it : text.slice(it.start, it.end))).join("");
}

/**
 * Writes a value as {@link formatJsonLike} does, in UTF-8. It edits the bytes themselves when there is room behind
 * them in their buffer and no long part has to move, so that a large body is not in memory twice.
 *
 * @param value the document's, or a new one with parts of it
 * @param document that was read
 * @param bytes from which it was read. Nothing else may use their buffer
 * @returns the same bytes when they are what is written
 */
export function formatJsonBytes(
  value: JsonValue,
  document: JsonDocument,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const span = document.spans.get(value);
  if (span?.start === 0 && span.end === document.text.length) return bytes;
  // Only in a text of ASCII an index is one of bytes too.
  if (bytes.length !== document.text.length) return utf8(formatJsonLike(value, document));
  const parts = partsOf(value, document).map((it) => (typeof it === "string" ? utf8(it) : it));
  const written = spaceFor(parts, bytes);
  let index = 0;
  for (const part of parts) {
    const isText = part instanceof Uint8Array;
    if (isText) written.set(part, index);
    else if (written.buffer !== bytes.buffer)
      written.set(bytes.subarray(part.start, part.end), index);
    index += lengthOf(part);
  }
  return written;
}

/** The bytes themselves and some behind them, if all parts of the document can stay where they are; else new ones. */
function spaceFor(
  parts: readonly (Uint8Array | JsonSpan)[],
  { buffer, byteOffset }: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  let length = 0;
  let moves = false;
  for (const part of parts) {
    if (!(part instanceof Uint8Array) && part.start !== length) moves = true;
    length += lengthOf(part);
  }
  const hasRoom = byteOffset + length <= buffer.byteLength;
  return moves || !hasRoom ? new Uint8Array(length) : new Uint8Array(buffer, byteOffset, length);
}

function lengthOf(part: Uint8Array | JsonSpan): number {
  return part instanceof Uint8Array ? part.length : part.end - part.start;
}

/** The parts of a text: new texts, and ranges of the document. */
interface Parts {
  /** Before the last text. */
  first: (string | JsonSpan)[];
  /** The last text, which grows: few long texts take less time than many short ones. */
  last: string;
}

function partsOf(value: JsonValue, { spans }: JsonDocument): (string | JsonSpan)[] {
  if (spans.size === 0) return [formatJson(value)];
  const parts: Parts = { first: [], last: "" };
  addValue(value, spans, parts);
  return [...parts.first, parts.last];
}

function addValue(value: JsonValue, spans: JsonDocument["spans"], parts: Parts): void {
  if (typeof value !== "object" || value === null) {
    parts.last += typeof value === "string" ? quoted(value) : value;
    return;
  }
  const span = spans.get(value);
  if (span) {
    parts.first.push(parts.last, span);
    parts.last = "";
  } else if (Array.isArray(value)) addItems(value, spans, parts);
  else if (isJsonObject(value)) addMembers(value, spans, parts);
  else parts.last += formatJson(value);
}

function addItems(list: readonly JsonValue[], spans: JsonDocument["spans"], parts: Parts): void {
  let before = "[";
  for (const item of list) {
    parts.last += before;
    addValue(item, spans, parts);
    before = ",";
  }
  parts.last += before === "[" ? "[]" : "]";
}

function addMembers(object: JsonObject, spans: JsonDocument["spans"], parts: Parts): void {
  let before = "{";
  for (const name in object) {
    parts.last += `${before}${quoted(name)}:`;
    addValue(object[name]!, spans, parts);
    before = ",";
  }
  parts.last += before === "{" ? "{}" : "}";
}

const PLAIN = /^[\w .:/-]*$/;

/** A text as JSON. The engine's own function takes much longer for short ones. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
