import { applyPatch } from "../../lib/gateway/policy/apply_patch.ts";
import { readJsonBody } from "../../lib/gateway/policy/read_body.ts";
import { InboundRequest } from "../../lib/gateway/inbound.ts";
import { UPLOAD_LIMITS } from "../support/upload_limits.ts";
import { Budget } from "../../lib/gateway/policy/budget.ts";
import { evaluateSchema } from "../../lib/gateway/policy/schema/evaluate.ts";
import { prepareSchema } from "../../lib/gateway/policy/schema/prepare.ts";
import {
  formatJsonLike,
  type JsonSchema,
  type JsonValue,
  parsePermits,
  parseStrictJson,
  readStrictJson,
} from "../../lib/signing/verify.ts";
import type { Reader } from "./reader.ts";

const TEXTS = { letters: "a", "letters that match twice": "ab", pairs: "\u{1f511}", lines: "a\n" };

const schema = (root: object, body: (text: string) => JsonValue): Reader["read"] => {
  const prepared = prepareSchema(parseStrictJson(JSON.stringify(root)) as JsonSchema);
  return (text) => evaluateSchema(prepared, body(text), new Budget());
};

const patch = (path: string, body: (text: string) => JsonValue): Reader["read"] => {
  const operations = [
    { op: "add", path, value: 1 } as const,
    { op: "remove", path } as const,
    { op: "replace", path, value: 2 } as const,
  ];
  return (text) => {
    const value = body(text);
    for (const operation of operations) applyPatch(value, [operation], new Budget());
  };
};

const asText = (text: string) => text;
const asNumber = (text: string) => parseStrictJson(`0.${text.repeat(4)}`);
const asList = (text: string) => [...text];
const asObject = (text: string) =>
  parseStrictJson(`{${Array.from(text, (_, i) => `"x${i}":1`).join(",")}}`);
const asNames = (text: string) => parseStrictJson(JSON.stringify({ [text]: 1, a: 1 }));

const parsed = (sw: (text: string) => object): Reader["read"] => {
  return (text) => parsePermits(parseStrictJson(JSON.stringify(sw(text))));
};

/** What policies do with bodies, which a client with a credential chooses, and with their own keys. */
export const POLICY_READERS: Readonly<Record<string, Reader>> = {
  "a schema over a text": {
    read: schema({ minLength: 4, maxLength: 1e6, const: "a" }, asText),
    pieces: TEXTS,
  },
  "a pattern over a text": { read: schema({ pattern: "^(a+)+$|(ab|b)*c" }, asText), pieces: TEXTS },
  "an enum as long as a number": {
    read: (text) => schema({ enum: Array.from(text, () => 1) }, asNumber)(text),
    pieces: { digits: "7", zeros: "0" },
  },
  "a schema over a list": {
    read: schema({ items: { enum: ["a", "b"], minLength: 1 }, contains: { const: "z" } }, asList),
    pieces: TEXTS,
  },
  "a schema over an object": {
    read: schema(
      {
        properties: { x1: true, y: false },
        additionalProperties: { type: "integer" },
        required: ["x0", "z"],
      },
      asObject,
    ),
    pieces: { members: "a" },
  },
  "a schema over a name": {
    read: schema({ properties: { a: true, b: true } }, asNames),
    pieces: TEXTS,
  },
  "the type of a body": {
    read: (text) => {
      const headers = { "content-type": `application/json;charset=${text}"a"b` };
      const request = new Request("http://a/", { method: "POST", headers, body: "{}" });
      const inbound = new InboundRequest(request, {}, UPLOAD_LIMITS);
      return readJsonBody(inbound, { limit: 10, lifetime: 1000 });
    },
    pieces: { spaces: " ", quotes: '"', "equals signs": "=", semicolons: ";", ...TEXTS },
  },
  "a patch of a list": { read: patch("/0", asList), pieces: TEXTS },
  "a patch of an object": { read: patch("/X1", asObject), pieces: { members: "a" } },
  "a patch beside a name": {
    read: patch("/store", asNames),
    pieces: { ...TEXTS, special: "\u00df\u017fA" },
  },
  "writing a body again": {
    read: (text) => {
      const document = readStrictJson(JSON.stringify({ a: [text, [...text]], b: text }));
      return formatJsonLike(
        [document.value, { ...(document.value as object) } as JsonValue],
        document,
      );
    },
    pieces: { ...TEXTS, quotes: '"', escapes: "\\" },
  },
  "the schema of a token": {
    read: parsed((text) => ({
      body: { schema: { enum: [...text], pattern: text, required: [text] } },
    })),
    pieces: TEXTS,
  },
  "a $ref of a token": {
    read: parsed((text) => ({ body: { schema: { $ref: `#${text}`, $defs: { [text]: true } } } })),
    pieces: { letters: "a", slashes: "/", escapes: "%25", tildes: "~1" },
  },
  "the path of a patch": {
    read: parsed((text) => ({ body: { patch: [{ op: "remove", path: `/${text}` }] } })),
    pieces: { letters: "a", slashes: "/", tildes: "~", "escaped tildes": "~0" },
  },
  "names of models, tools and entries of allow": {
    read: parsed((text) => ({ models: [text], tools: [`${text}*`], allow: [`a:${text}`, text] })),
    pieces: { letters: "a", stars: "*", colons: "a:", underscores: "a_" },
  },
  "a pattern that is prepared": {
    read: (text) => prepareSchema({ pattern: text }),
    pieces: {
      letters: "a",
      brackets: "[",
      parentheses: "(",
      alternatives: "a|",
      repetitions: "a{2}",
      stars: "a*",
    },
  },
};
