import { encodeForm, encodeRfc3986 } from "../primitives/encoding.ts";
import { mapValues, type PresignedQuery, type Parameters } from "./presigned_query.ts";

/** The parts of a canonical request; each is text that the sections below build. */
export interface CanonicalParts {
  /** As on the request line. */
  method: string;
  /** The path of the gateway's URL, `/` when there is none, percent-encoded as sent. */
  path: string;
  /** From {@link canonicalQuery}. */
  query: string;
  /** The signed headers. */
  headers: ReadonlyMap<string, string>;
}

/**
 * The canonical request up to the body, which follows byte for byte.
 *
 * @param parts method, path, query and signed headers
 */
export function canonicalRequest({ method, path, query, headers }: CanonicalParts): string {
  const lines = canonicalHeaders(headers);
  return `${method}\n${path}\n${query}\n${lines}\n\n${signedHeaders(headers.keys())}\n`;
}

/** `name:value` lines, sorted. Names are in lower case, values trimmed. */
export function canonicalHeaders(headers: ReadonlyMap<string, string>): string {
  if (headers.size === 0) return "";
  return [...headers]
    .map(([name, value]) => `${name}:${trimBlanks(value)}`)
    .sort()
    .join("\n");
}

// RFC 9110, section 5.5: blanks and tabs may stand around a value. String.trim takes more away, and a
// regular expression takes quadratic time for many of them.
function trimBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The names, sorted and joined by `;`. */
export function signedHeaders(names: Iterable<string>): string {
  return [...names].sort().join(";");
}

/** The signed parameters, `name=value`, sorted by name and joined by `&`. */
export function canonicalQuery(encoded: Omit<Parameters, "X-Sw-Signature">): string {
  return (
    `X-Sw-Algorithm=${encoded["X-Sw-Algorithm"]}&X-Sw-Body=${encoded["X-Sw-Body"]}` +
    `&X-Sw-Credential=${encoded["X-Sw-Credential"]}&X-Sw-Date=${encoded["X-Sw-Date"]}` +
    `&X-Sw-Expires=${encoded["X-Sw-Expires"]}&X-Sw-Proxy=${encoded["X-Sw-Proxy"]}` +
    `&X-Sw-SignedHeaders=${encoded["X-Sw-SignedHeaders"]}`
  );
}

const ENCODERS: readonly ((text: string) => string)[] = [
  encodeRfc3986,
  encodeURIComponent,
  encodeForm,
];

/**
 * The canonical queries that a genuine signer may have meant, the likeliest first, each once. Every
 * one of them decodes to the same parameters, so to accept any is to accept no other request.
 *
 * @param query the parameters as received and decoded
 */
export function* canonicalQueries({ raw, decoded }: PresignedQuery): Generator<string> {
  const received = canonicalQuery(raw);
  yield received;
  const seen = new Set([received]);
  for (const encode of ENCODERS) {
    const candidate = canonicalQuery(mapValues(decoded, encode));
    if (seen.has(candidate)) continue;
    seen.add(candidate);
    yield candidate;
  }
}
