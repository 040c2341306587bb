import { utf8 } from "../primitives/encoding.ts";
import type { Mistakes } from "./mistake.ts";
import { CONTENT_LENGTH } from "../sw1/signed_headers.ts";

/** What goes wrong with a body. */
export const mistakesInBody: Mistakes = function* (attempt, { body: received }) {
  const { url, body } = attempt;
  if (!url.signedBody) {
    if (received?.length) yield ["body_not_announced", { body: received }];
    return;
  }
  // The length belongs to the body: it is computed anew, and not taken from the request.
  const headers = new Map([...attempt.headers].filter(([name]) => name !== CONTENT_LENGTH));
  yield ["body_absent", { body: new Uint8Array() }];
  yield ["body_absent", { body: new Uint8Array(), headers }];
  const length = new Map(headers).set(CONTENT_LENGTH, String(body?.length));
  yield ["body_left_out", { body: undefined, headers: length }];
  yield ["body_left_out", { body: undefined, headers }];
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  const as = (changed: string) => ({ body: utf8(changed), headers });
  yield ["body_byte_order_mark", as(text.replace(/^\ufeff/, ""))];
  yield ["body_byte_order_mark", as(`\ufeff${text}`)];
  yield ["body_newline", as(`${text}\n`)];
  yield ["body_newline", as(`${text}\r\n`)];
  yield ["body_newline", as(text.replace(/\r?\n$/, ""))];
  yield ["body_whitespace", as(text.trim())];
  yield ["body_line_ends", as(text.replace(/\r\n/g, "\n"))];
  yield ["body_line_ends", as(text.replace(/\r?\n/g, "\r\n"))];
  for (const written of jsonTexts(text)) yield ["body_json", as(written)];
};

/** The ways in which usual programs write the same JSON. */
function* jsonTexts(text: string): Generator<string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  const compact = JSON.stringify(value);
  for (const written of [
    compact,
    spaced(compact),
    ...[2, 4, "\t"].map((n) => JSON.stringify(value, null, n)),
  ]) {
    yield written;
    yield ascii(written);
    yield written.replaceAll("/", "\\/");
  }
}

// As Python writes it: a blank after each comma and colon that stands outside a string.
function spaced(json: string): string {
  return json.replace(/"(?:\\.|[^"\\])*"|[,:]/g, (part) => (part[0] === '"' ? part : `${part} `));
}

function ascii(json: string): string {
  return json.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
