import { utf8 } from "../primitives/encoding.ts";
import { CONTENT_LENGTH } from "../sw1/signed_headers.ts";
import type { ListMistakes } from "./mistake.ts";

/** Mistakes with the body. */
export const mistakesInBody: ListMistakes = function* (received, context) {
  const { url, body } = received;
  if (!url.signedBody) {
    if (context.body?.length) yield ["body_not_announced", { body: context.body }];
    return;
  }
  // A different body has a different length, so the length is computed and not taken from the request.
  const headers = new Map([...received.headers].filter(([name]) => name !== CONTENT_LENGTH));
  const empty = new Uint8Array();
  yield ["body_absent", { body: empty }];
  yield ["body_absent", { body: empty, headers }];
  const measured = new Map(headers).set(CONTENT_LENGTH, String(body?.length));
  yield ["body_left_out", { body: undefined, headers: measured }];
  yield ["body_left_out", { body: undefined, headers }];
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  for (const [code, variant] of textVariants(text)) {
    yield [code, { body: utf8(variant), headers }];
  }
};

/** The texts that may have been signed instead. */
function* textVariants(text: string) {
  yield ["body_byte_order_mark", text.replace(/^\ufeff/, "")] as const;
  yield ["body_byte_order_mark", `\ufeff${text}`] as const;
  yield ["body_newline", `${text}\n`] as const;
  yield ["body_newline", `${text}\r\n`] as const;
  yield ["body_newline", text.replace(/\r?\n$/, "")] as const;
  yield ["body_whitespace", text.trim()] as const;
  yield ["body_line_ends", text.replace(/\r\n/g, "\n")] as const;
  yield ["body_line_ends", text.replace(/\r?\n/g, "\r\n")] as const;
  for (const json of jsonVariants(text)) yield ["body_json", json] as const;
}

/** The same JSON in the formats of common serializers; nothing when the text is not JSON. */
function* jsonVariants(text: string): Generator<string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  const compact = JSON.stringify(value);
  const indented = [2, 4, "\t"].map((indent) => JSON.stringify(value, null, indent));
  for (const json of [compact, withSpaces(compact), ...indented]) {
    yield json;
    yield escapeNonAscii(json);
    yield json.replaceAll("/", "\\/");
  }
}

// As Python writes it: with a space after each comma and colon outside of strings.
function withSpaces(json: string): string {
  return json.replace(/"(?:\\.|[^"\\])*"|[,:]/g, (part) => (part[0] === '"' ? part : `${part} `));
}

function escapeNonAscii(json: string): string {
  return json.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
