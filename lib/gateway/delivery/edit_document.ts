import { formatJson, JsonError, type JsonValue, parseStrictJson } from "../../signing/verify.ts";
import type { ResponseEdit } from "../model/response_edit.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const lenientDecoder = new TextDecoder();

// An upstream's answer may be larger than a request.
const LIMITS = { maxDepth: 512, maxValues: 2_000_000 };

/**
 * Edits a body of JSON.
 *
 * @param bytes the whole body
 * @param edit what is changed
 * @throws Error when the body is no JSON
 */
export function editBody(bytes: Uint8Array, { edit }: ResponseEdit): Uint8Array<ArrayBuffer> {
  const edited = edit(parseAnswer(decoder.decode(bytes)));
  return encoder.encode(edited === undefined ? "" : formatJson(edited));
}

/**
 * Edits an event of an event stream.
 *
 * @param bytes the event, with the blank line that ends it
 * @param edit what is changed
 * @returns the event to send; `undefined` when it is left out
 * @throws Error when the data is no JSON, and may be of a kind that is changed
 */
export function editEvent(
  bytes: Uint8Array<ArrayBuffer>,
  { edit, marker }: ResponseEdit,
): Uint8Array<ArrayBuffer> | undefined {
  const text = lenientDecoder.decode(bytes);
  // The marker may be written with escapes.
  if (!text.includes(marker) && !text.includes("\\u")) return bytes;
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== "");
  const data = lines.filter(isData).map(valueOf).join("\n");
  if (data === "" || (!data.includes(marker) && !data.includes("\\u"))) return bytes;
  const edited = edit(parseAnswer(data));
  if (edited === undefined) return undefined;
  const others = lines.filter((line) => !isData(line));
  return encoder.encode([...others, `data: ${formatJson(edited)}`, "", ""].join("\n"));
}

function isData(line: string): boolean {
  return line === "data" || line.startsWith("data:");
}

/** The value of a field, without the one space that may stand before it. */
function valueOf(line: string): string {
  return line.slice("data:".length).replace(/^ /, "");
}

/**
 * Reads JSON with its numbers as they were. What several parsers would read differently is read as JavaScript does:
 * the client gets what is written from it, and not the text of the upstream.
 */
function parseAnswer(text: string): JsonValue {
  try {
    return parseStrictJson(text, LIMITS);
  } catch (error) {
    if (error instanceof JsonError && error.code === "syntax") throw error;
    return JSON.parse(text) as JsonValue;
  }
}
