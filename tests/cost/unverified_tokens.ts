import { parseStrictJson } from "../../lib/signing/primitives/strict_json.ts";
import { parsePermits } from "../../lib/signing/token/permits.ts";
import { parseToken, peekToken } from "../../lib/signing/verify.ts";
import { GRANTED, JSON_TEXTS, LINES, VALUES } from "./pieces.ts";
import type { Reader } from "./reader.ts";

// With a third of the text, a token has the 8,192 characters that are read at most.
const payloadOf = (text: string) => text.slice(0, text.length / 3);
const base64Url = (text: string) => Buffer.from(text).toString("base64url");
const tokenOf = (payload: string) => `${base64Url('{"alg":"HS256"}')}.${base64Url(payload)}.AA`;

const granted = (sw: (text: string) => object): Reader => ({
  read: (text) => parsePermits(parseStrictJson(JSON.stringify(sw(text)))),
  pieces: GRANTED,
});

/** Parsers of JSON and of tokens. */
export const TOKEN_READERS: Readonly<Record<string, Reader>> = {
  "strict JSON": { read: (text) => parseStrictJson(text), pieces: JSON_TEXTS },
  "strict JSON in bytes": {
    read: (text) => parseStrictJson(Buffer.from(text)),
    pieces: JSON_TEXTS,
  },
  "a list in strict JSON": { read: (text) => parseStrictJson(`[${text}0]`), pieces: JSON_TEXTS },
  "a text in strict JSON": { read: (text) => parseStrictJson(`"${text}"`), pieces: JSON_TEXTS },
  "a name in strict JSON": {
    read: (text) => parseStrictJson(`{"b":"${text}","${text}":0}`),
    pieces: { ...JSON_TEXTS, ...VALUES },
  },
  "members in strict JSON": {
    read: (text) => parseStrictJson(`{${Array.from(text, (it, i) => `"${it}${i}":0`)}}`),
    pieces: { "small letters": "a", capitals: "A", "letters beyond ASCII": "\u00e9" },
  },
  "objects in strict JSON": {
    read: (text) => parseStrictJson(`[${text.slice(0, text.lastIndexOf(","))}]`),
    pieces: { "small numbers as names": '{"999":0},', "large ones": '{"1000":0},' },
  },
  "a value that may be a token": {
    read: peekToken,
    pieces: { ...LINES, base64url: "eyJh", "parts of a token": "eyJh." },
  },
  "the payload of what may be a token": {
    read: (text) => peekToken(tokenOf(payloadOf(text))),
    pieces: JSON_TEXTS,
  },
  "the payload of a token": {
    read: (text) => parseToken(tokenOf(payloadOf(text))),
    pieces: JSON_TEXTS,
  },
  "a granted target": granted((text) => ({ to: [`https://${text}/`] })),
  "the path of a granted target": granted((text) => ({ to: [`https://a/${text}`] })),
  "the methods of a granted target": granted((text) => ({ to: [text] })),
  "granted targets": granted((text) => ({ to: Array.from(text, () => "https://a/") })),
  "a granted origin": granted((text) => ({ origins: [`https://${text}`] })),
  "a granted address": granted((text) => ({ ips: [text] })),
  "granted addresses": granted((text) => ({ ips: Array.from(text, () => "::1") })),
};
