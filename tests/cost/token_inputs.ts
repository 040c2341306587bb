import { createAdmissionControl } from "../../lib/gateway/admission/admission.ts";
import { assertNoOverride } from "../../lib/gateway/admission/method_override.ts";
import { removeQueryCredentials } from "../../lib/gateway/admission/query_credentials.ts";
import { KnownContents } from "../../lib/gateway/admission/known_contents.ts";
import { findTokens } from "../../lib/gateway/admission/token_slots.ts";
import { tokenTarget } from "../../lib/gateway/admission/token_target.ts";
import { InboundRequest } from "../../lib/gateway/inbound.ts";
import { Exchange } from "../../lib/gateway/record/exchange.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { hmac } from "../../lib/runtime/crypto/hmac.ts";
import { verifyToken } from "../../lib/signing/verify.ts";
import { CREDENTIAL } from "../support/gateway.ts";
import { base64Url, mint } from "../support/minted.ts";
import type { Reader } from "./reader.ts";
import { UPLOAD_LIMITS } from "../support/upload_limits.ts";

const ISSUED = base64Url('{"iss":"a"}');
const TOKEN = mint();

const timers = new TimerWheel();
const admission = createAdmissionControl({
  findApp: () => undefined,
  routes: [],
  hmac,
  resolve: () => Promise.resolve([]),
});

/** A request with any URL and headers, such as the server hands over. */
function inbound(target: string, headers: Record<string, string> = {}): InboundRequest {
  const url = `http://a${target}`;
  const request = { url, method: "GET", headers: new Headers(headers) } as Request;
  return new InboundRequest(request, {}, UPLOAD_LIMITS);
}

const inHeader = (name: string, before = ""): Reader["read"] => {
  return (text) => admission.claims(inbound("/", { [name]: `${before}${text}a` }));
};

const VALUES = {
  letters: "a",
  dots: ".",
  "parts of tokens": "a.b.c",
  "headers of tokens": `${ISSUED}.`,
  tokens: `a.${ISSUED}.a,`,
  "tokens with a scheme": `Bearer a.${ISSUED}.a,`,
  schemes: "Bearer ",
  blanks: " ",
  "no-break spaces": "\u00a0",
  commas: ",",
  "commas and blanks": ", ",
};

const QUERIES = {
  names: "key&",
  "empty values": "key=&",
  values: "key=a&",
  tokens: `key=a.${ISSUED}.a&`,
  "encoded tokens": `%6bey=a%2e${ISSUED}%2e&`,
  "wrong escapes": "key=%ff%zz&",
  escapes: "%6b",
  ampersands: "&",
  semicolons: ";",
  overrides: "_methods=a&",
  blanks: "+",
  brackets: "[",
};

const PATHS = {
  slashes: "/",
  signs: "~",
  "signs and slashes": "~/",
  "encoded signs": "/%7e",
  letters: "a",
  dots: ".",
  colons: ":",
  tokens: `a.${ISSUED}.a`,
  "starts of tokens": "/eyJ",
  "encoded starts of tokens": "%2f%65yJ",
  "starts inside a segment": "aeyJ/",
  "long words": `${"a".repeat(16)}.`,
  "long words and slashes": `${"a-".repeat(8)}.${"_".repeat(16)}/`,
  "encoded dots": `${"a".repeat(16)}%2e`,
  "escapes of letters": "%61",
  "wrong escapes": "%ff%zz",
};

// A token has 8,192 characters at most, in base64. Of a list, whole entries are left.
const fitting = (text: string) => {
  const length = text.length * 0.4;
  return text.slice(0, text.endsWith(",") ? text.lastIndexOf(",", length) + 1 : length);
};

/** Verifies a token whose payload holds the text at some place. */
const payload = (before: string, after: string): Reader["read"] => {
  return (text) => {
    const json = `{"iss":"${CREDENTIAL.id}","exp":1,${before}${fitting(text)}${after}}`;
    const options = { findSecrets: () => [CREDENTIAL.secret], now: () => 0 };
    return verifyToken(`${base64Url('{"alg":"HS256"}')}.${base64Url(json)}.AAAA`, options);
  };
};

const TEXTS = {
  letters: "a",
  escapes: "\\u0061",
  "letters of two bytes": "é",
  "letters of four bytes": "🔑",
  capitals: "İ",
  dots: ".",
  colons: ":",
  digits: "1",
  slashes: "/",
  commas: "GET,",
};

/** Every parser that sees bytes of a token which is not verified, or the request around it. */
export const SLOT_READERS: Readonly<Record<string, Reader>> = {
  Authorization: { read: inHeader("authorization"), pieces: VALUES },
  "a bearer token": { read: inHeader("authorization", "Bearer "), pieces: VALUES },
  "x-api-key": { read: inHeader("x-api-key"), pieces: VALUES },
  "Sec-WebSocket-Protocol": {
    read: inHeader("sec-websocket-protocol"),
    pieces: { ...VALUES, "names and commas": "token,", prefixes: "bearer." },
  },
  "the query with tokens": {
    read: (text) => findTokens(inbound(`/?${text}`), new KnownContents()),
    pieces: QUERIES,
  },
  "the path with a token": {
    read: (text) => findTokens(inbound(`/~${text}`), new KnownContents()),
    pieces: PATHS,
  },
  "the overrides in a query": {
    read: (text) => assertNoOverride(inbound(`/?${text}`)),
    pieces: QUERIES,
  },
  "the query without credentials": {
    read: (text) => {
      const url = new URL(`https://generativelanguage.googleapis.com/?${text}`);
      removeQueryCredentials({ url, rule: { headers: [["X-Key", "a key"]] } });
    },
    pieces: QUERIES,
  },
  "the target of a token": {
    read: (text) => {
      const { target } = inbound(`/${text}?${text}`);
      return tokenTarget(target, TOKEN, {
        upstreams: [{ url: new URL("http://a/"), headers: [] }],
      });
    },
    pieces: PATHS,
  },
  "the path in a record": {
    read: (text) => {
      const exchange = new Exchange(new Request("http://a/"), {
        ticks: () => 0,
        timers,
        observer: { end() {} },
        onError() {},
      });
      exchange.authenticated("a", new URL(`http://a/${text}`), {});
      exchange.end("complete");
    },
    pieces: PATHS,
  },
  "a text in a payload": { read: payload('"x":"', '"'), pieces: TEXTS },
  "a name in a payload": { read: payload('"', '":1'), pieces: TEXTS },
  "sub in a payload": { read: payload('"sub":"', '"'), pieces: TEXTS },
  "a value in a payload": {
    read: payload('"x":', ""),
    pieces: {
      lists: "[",
      objects: '{"a":',
      digits: "1",
      zeros: "0",
      blanks: " ",
      numbers: "1.0e+",
    },
  },
  "a list in a payload": {
    read: payload('"x":[', "1]"),
    pieces: { numbers: "1,", texts: '"a",', lists: "[],", objects: '{"a":1},' },
  },
  "an entry of to": { read: payload('"sw":{"to":["https://', '"]}'), pieces: TEXTS },
  "a path in to": { read: payload('"sw":{"to":["https://a/', '"]}'), pieces: TEXTS },
  "methods in to": { read: payload('"sw":{"to":["', 'GET https://a/"]}'), pieces: TEXTS },
  "entries of to": {
    read: payload('"sw":{"to":[', '"https://a/"]}'),
    pieces: { urls: '"https://a/",', methods: '"GET,POST https://a.example/v1/",' },
  },
  "an entry of origins": { read: payload('"sw":{"origins":["https://', '"]}'), pieces: TEXTS },
  "an entry of ips": { read: payload('"sw":{"ips":["', '"]}'), pieces: { ...TEXTS, groups: "a:" } },
  "entries of ips": { read: payload('"sw":{"ips":[', '"::"]}'), pieces: { IPv6: '"::1/64",' } },
};
