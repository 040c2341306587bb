import { type HttpMessage, parseHead } from "../../support/http_message.ts";

/** How an upstream leaves its connection after the last byte. */
export type Ending = "fin" | "reset" | "open";

/**
 * What a strict reader makes of an upstream's bytes (RFC 9112). `cut`: well-formed as far as it goes.
 * `odd`: the head is malformed, and readers differ about it. `broken`: the framing of the body is malformed.
 */
export type Reading =
  | { kind: "whole"; status: number; body: string; mayBeRefused: boolean }
  | { kind: "cut"; body: string; sawLastChunk: boolean }
  | { kind: "odd" }
  | { kind: "broken" };

const STATUS_LINE = /^HTTP\/1\.[01] [2-5]\d\d [\t\x20-\x7e\x80-\xff]*$/;
const INTERIM_LINE = /^HTTP\/1\.1 1(?!01)\d\d [\t\x20-\x7e\x80-\xff]*$/;
const FIELD = /^[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*$/;
// Nothing of an extension has a meaning here, but that it ends with the line.
const CHUNK = /^([0-9a-f]{1,8})([ \t]*;[^\r\n]*)?$/i;

// Above it a client may refuse a head.
const USUAL_HEAD = 8192;

const ODD: Reading = { kind: "odd" };
const BROKEN: Reading = { kind: "broken" };

const cut = (body: string, sawLastChunk = false): Reading => ({ kind: "cut", body, sawLastChunk });

/**
 * Reads a response.
 *
 * @param bytes all that the upstream sends, interim responses included
 * @param ending how it leaves
 * @param method of the request
 */
export function readResponse(bytes: Buffer, ending: Ending, method: string): Reading {
  const head = parseHead(bytes);
  if (!head) return isBeginning(bytes.toString("latin1")) ? cut("") : ODD;
  if (INTERIM_LINE.test(head.startLine) && hasGoodFields(head)) {
    return readResponse(bytes.subarray(head.size), ending, method);
  }
  if (!STATUS_LINE.test(head.startLine) || !hasGoodFields(head)) return ODD;
  const reading = readBody(head, bytes.toString("latin1", head.size), ending);
  const { status } = head;
  if (method !== "HEAD" && ![204, 205, 304].includes(status)) return reading;
  const mayBeRefused = status === 205 || head.size > USUAL_HEAD || !hasPlainFraming(head);
  return { kind: "whole", status, body: "", mayBeRefused };
}

function readBody(head: HttpMessage, rest: string, ending: Ending): Reading {
  const { status } = head;
  const codings = head.all("transfer-encoding");
  const lengths = head.all("content-length");
  const mayBeRefused = head.size > USUAL_HEAD || !hasPlainFraming(head);
  if (codings.length > 0) {
    // RFC 9112, section 6.1: in HTTP/1.0 a coding makes the framing faulty.
    if (head.startLine.startsWith("HTTP/1.0") || codings.join("") === "") return ODD;
    if (codings.join().toLowerCase() !== "chunked") return BROKEN;
    return readChunks(rest, { status, body: "", mayBeRefused });
  }
  const values = new Set(lengths.flatMap((value) => value.split(/[ \t]*,[ \t]*/)));
  if (values.size === 0) {
    if (ending === "open") return cut(rest);
    // What a reset takes away cannot be told: SECURITY.md.
    if (ending === "reset") return ODD;
    return { kind: "whole", status, body: rest, mayBeRefused };
  }
  const [length = ""] = values;
  if (values.size > 1 || !/^\d{1,15}$/.test(length)) return BROKEN;
  if (rest.length < Number(length)) return cut(rest);
  return { kind: "whole", status, body: rest.slice(0, Number(length)), mayBeRefused };
}

/**
 * Reads the head of a response that is not interim.
 *
 * @param bytes all that the upstream sends
 * @returns `undefined` when there is none
 */
export function finalHead(bytes: Buffer): HttpMessage | undefined {
  const head = parseHead(bytes);
  return head && INTERIM_LINE.test(head.startLine) ? finalHead(bytes.subarray(head.size)) : head;
}

/** Whether it may become the head of a response. */
function isBeginning(text: string): boolean {
  const [line = "", ...fields] = text.split("\r\n");
  const last = fields.pop();
  if (last === undefined)
    return /^(HTTP\/1\.[01]|$)/.test(line.slice(0, 8)) && !line.includes("\n");
  return STATUS_LINE.test(line) && fields.every((field) => FIELD.test(field)) && !/\n/.test(last);
}

function hasGoodFields({ head }: HttpMessage): boolean {
  const [, ...lines] = head.slice(0, -4).split("\r\n");
  return lines.every((line) => FIELD.test(line));
}

function hasPlainFraming(head: HttpMessage): boolean {
  const framing = [...head.all("transfer-encoding"), ...head.all("content-length")];
  return framing.length === 0 || /^(chunked|\d{1,15})$/i.test(framing.join());
}

/** What is known of a response before its chunks are read. */
type Begun = Omit<Extract<Reading, { kind: "whole" }>, "kind">;

function readChunks(text: string, begun: Begun): Reading {
  let { body, mayBeRefused } = begun;
  for (let at = 0; ;) {
    const end = text.indexOf("\r\n", at);
    if (end < 0) {
      const isSize = /^[0-9a-f]{0,8}([ \t]*;[^\n]*|[ \t]*)\r?$/is.test(text.slice(at));
      return isSize ? cut(body) : BROKEN;
    }
    const [, digits, extension = ""] = CHUNK.exec(text.slice(at, end)) ?? [];
    if (digits === undefined) return BROKEN;
    mayBeRefused ||= /^[ \t]|[\0-\x08\x0b-\x1f\x7f]/.test(extension);
    const size = Number.parseInt(digits, 16);
    if (size === 0) return readTrailers(text.slice(end), { ...begun, body, mayBeRefused });
    const chunk = text.slice(end + 2, end + 2 + size);
    body += chunk;
    at = end + 2 + size + 2;
    const after = text.slice(at - 2, at);
    if (chunk.length < size || (after.length < 2 && "\r\n".startsWith(after))) return cut(body);
    if (after !== "\r\n") return BROKEN;
  }
}

/** From the line end of the last chunk on. */
function readTrailers(text: string, begun: Begun): Reading {
  const end = text.indexOf("\r\n\r\n");
  const lines = (end < 0 ? text : text.slice(0, end)).split("\r\n").slice(1);
  const whole = end < 0 ? lines.slice(0, -1) : lines;
  if (!whole.every((line) => FIELD.test(line))) return ODD;
  return end < 0 ? cut(begun.body, true) : { kind: "whole", ...begun };
}
