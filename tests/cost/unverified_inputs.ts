import { createAdmissionControl } from "../../lib/gateway/admission/admission.ts";
import { signedSpan } from "../../lib/gateway/admission/freshness.ts";
import { addCorsHeaders } from "../../lib/gateway/cors/response.ts";
import { isPreflight, preflightResponse } from "../../lib/gateway/cors/preflight.ts";
import { outboundRequestHeaders } from "../../lib/gateway/delivery/request_headers.ts";
import { InboundRequest, parseTarget } from "../../lib/gateway/inbound.ts";
import type { Route } from "../../lib/gateway/model/route.ts";
import { claimedId, claimedOrigin } from "../../lib/gateway/record/claimed_text.ts";
import { wellFormedId } from "../../lib/gateway/record/request_id.ts";
import { hmac } from "../../lib/runtime/crypto/hmac.ts";
import { explainUrl } from "../../lib/signing/explain.ts";
import { parsePresignedUrl, verifyRequest, verifyUrl } from "../../lib/signing/verify.ts";
import { CREDENTIAL } from "../support/gateway.ts";
import { signedTarget } from "../support/signed.ts";
import type { Parsing } from "./growth.ts";
import { LINES, PATHS, QUERIES, VALUES } from "./pieces.ts";
import type { Reader } from "./reader.ts";
import { TOKEN_READERS } from "./unverified_tokens.ts";
import { UPLOAD_LIMITS } from "../support/upload_limits.ts";

const ignore = () => {};

const calmly = (read: (text: string) => unknown) => (text: string) => {
  try {
    const result = read(text);
    return result instanceof Promise ? result.then(ignore, ignore) : result;
  } catch {
    return undefined;
  }
};

const UPSTREAM = new URL("https://api.example/v1/");
const ROUTES = ["/", "/v1/", "/v1/admin/"].map((path): Route => ({
  id: path,
  path,
  upstream: UPSTREAM,
  upstreams: [{ headers: [] }],
}));
const admission = createAdmissionControl({
  findApp: () => undefined,
  routes: ROUTES,
  hmac,
  resolve: () => Promise.resolve([]),
});
const claims = (url: string) =>
  admission.claims(new InboundRequest(requestOf(url), {}, UPLOAD_LIMITS));

/** A request with any URL and header, such as the server hands over. */
function requestOf(url: string, headers: Record<string, string> = {}): Request {
  return { url, method: "OPTIONS", headers: new Headers(headers) } as Request;
}

const WITHOUT = { secret: "another secret" };
const queryOf = (target: string) => signedTarget("http://a/", target, WITHOUT).slice(2);
const QUERY = queryOf(UPSTREAM.href);
const replaced = (name: string, value: string) =>
  QUERY.replace(new RegExp(`(${name})=[^&]*`), (_, before: string) => `${before}=${value}`);

const verify = (query: string, headers: Headers = new Headers()) =>
  verifyUrl(
    { method: "GET", path: "/", query, headers, readBody: () => Promise.reject(new Error()) },
    { findSecrets: () => [CREDENTIAL.secret] },
  );

const inHeader = (name: string, read: (headers: Headers) => unknown) => (text: string) =>
  read(new Headers({ [name]: `a${text}a` }));

const parameter = (name: string): Reader => ({
  read: (text) => verify(replaced(name, text)),
  pieces: VALUES,
});

/** Every parser that sees unverified bytes. */
export const READERS: Readonly<Record<string, Reader>> = {
  "the request target": {
    read: (text) => parseTarget(requestOf(`http://a/${text}`)),
    pieces: PATHS,
  },
  "the Host header": {
    read: (text) => parseTarget(requestOf("http://a/", { host: text })),
    pieces: {
      letters: "a",
      escapes: "%CC%80%CC%96",
      marks: "\u00cc\u0080\u00cc\u0096",
      dots: ".",
      colons: ":",
      punycode: "xn--",
    },
  },
  "the route of a path": { read: (text) => claims(`http://a/${text}`), pieces: PATHS },
  "the route of a path with one escape": {
    read: (text) => claims(`http://a/%${text}`),
    pieces: { "escapes of escapes": "25", "escapes of one escaped digit": "2%35" },
  },
  "the app of a query": {
    read: (text) => claims(`http://a/?X-Sw-Algorithm=x&X-Sw-Credential=${text}&.=`),
    pieces: { ...QUERIES, ...VALUES },
  },
  "the query of a signed URL": { read: (text) => parsePresignedUrl(text), pieces: QUERIES },
  "the query behind a signed URL": { read: (text) => verify(`${QUERY}&${text}`), pieces: QUERIES },
  "X-Sw-Credential": parameter("X-Sw-Credential"),
  "X-Sw-Date": parameter("X-Sw-Date"),
  "X-Sw-Expires": parameter("X-Sw-Expires"),
  "X-Sw-SignedHeaders": parameter("X-Sw-SignedHeaders"),
  "X-Sw-Signature": parameter("X-Sw-Signature"),
  "X-Sw-Proxy": { read: (text) => verify(replaced("X-Sw-Proxy", text)), pieces: VALUES },
  "the host of X-Sw-Proxy": {
    read: (text) => verify(replaced("X-Sw-Proxy", `https%3A%2F%2F${text}`)),
    pieces: VALUES,
  },
  "the path of X-Sw-Proxy": {
    read: (text) => verify(replaced("X-Sw-Proxy", `https%3A%2F%2Fa%2F${text}`)),
    pieces: VALUES,
  },
  "a signed header": {
    read: inHeader("x-a", (headers) => verify(replaced("X-Sw-SignedHeaders", "x-a"), headers)),
    pieces: LINES,
  },
  "an explanation": {
    read: (text) =>
      explainUrl(`http://a/?${replaced("X-Sw-Proxy", `https%3A%2F%2Fa%2F${text}`)}`, {
        secrets: [CREDENTIAL.secret],
      }),
    pieces: VALUES,
  },
  "an explanation of a path": {
    read: (text) => explainUrl(`http://a/${text}?${QUERY}`, { secrets: [CREDENTIAL.secret] }),
    pieces: { slashes: "/", segments: "a/" },
  },
  "an explanation of a signed header": {
    read: (text) =>
      explainUrl(`http://a/?${replaced("X-Sw-SignedHeaders", "x-a")}`, {
        secrets: [CREDENTIAL.secret],
        headers: { "x-a": `a${text}b` },
      }),
    pieces: { spaces: " ", tabs: "\t", semicolons: " ;" },
  },
  "a route's signature": {
    read: (text) => verifyRequest({ method: "GET", path: "/" }, text, [CREDENTIAL.secret]),
    pieces: { ...LINES, base64: "AAAA", padding: "=" },
  },
  "a route's fields": {
    read: (text) =>
      verifyRequest(
        { method: "GET", path: `/${text}`, headers: new Headers({ "content-type": `a${text}a` }) },
        Buffer.alloc(32).toString("base64"),
        [CREDENTIAL.secret],
        { fields: ["path", "content_type"], delimiter: "--", hmac },
      ),
    pieces: { ...LINES, delimiters: "-" },
  },
  "a route's timestamp": {
    read: (text) =>
      signedSpan(
        { method: "GET", path: "/", headers: new Headers({ "x-time": text }) },
        { secrets: [], headers: [], timestampField: "HTTP_X_TIME", maxAge: 60 },
      ),
    pieces: { digits: "1", dots: "1.", dates: "2026-01-01T00:00:00.0" },
  },
  "Connection and the other headers": {
    read: inHeader("connection", (headers) => outboundRequestHeaders(headers, [], { signed: [] })),
    pieces: LINES,
  },
  "X-Request-Id": {
    read: inHeader("x-request-id", (headers) => wellFormedId(headers.get("x-request-id"))),
    pieces: LINES,
  },
  Origin: {
    read: inHeader("origin", (headers) =>
      addCorsHeaders(new Headers(), { headers } as Request, { origins: ["https://a.example"] }),
    ),
    pieces: LINES,
  },
  "a preflight": {
    read: inHeader("access-control-request-headers", (asked) => {
      asked.set("origin", "https://a.example");
      asked.set("access-control-request-method", "GET");
      const request = { method: "OPTIONS", headers: asked } as Request;
      return isPreflight(request) && preflightResponse(request, {});
    }),
    pieces: LINES,
  },
  "the record of a claim": {
    read: (text) => [claimedId(text), claimedOrigin(text), claimedOrigin(`https:${text}`)],
    pieces: { ...VALUES, ...LINES, "bidirectional text": "\u202e", NUL: "\0" },
  },
  ...TOKEN_READERS,
};

/** A reader and one of its pieces, as something to measure. */
export function parsingOf({ read }: Reader, piece: string): Parsing<string> {
  return {
    make: (length) => piece.repeat(Math.floor(length / piece.length)),
    parse: calmly(read),
  };
}
