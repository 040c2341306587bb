import { encodeAll, normalizeEncoding } from "./encoding.ts";
import { isS3 } from "./is_s3.ts";

/** The parts of a request that a signature of AWS covers. */
export interface SignableRequest {
  method: string;
  /** The path as it is sent. */
  path: string;
  /** The query as it is sent, without `?`. */
  query: string;
  /** The header lines, `host` included. */
  headers: Iterable<readonly [name: string, value: string]>;
  /** The SHA-256 of the body in hex, or `UNSIGNED-PAYLOAD`. */
  payloadHash: string;
}

// The runtime, or a proxy on the way, writes these again. `cookie` may be split by HTTP/2 (RFC 9113, section 8.2.3).
const UNSIGNED: ReadonlySet<string> = new Set([
  ...["accept-encoding", "authorization", "connection", "content-length", "cookie", "expect"],
  ...["te", "transfer-encoding", "user-agent", "x-amzn-trace-id"],
]);

/**
 * The canonical request of AWS Signature Version 4:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @param request what is signed
 * @param service S3 takes paths as they are; the other services normalize and encode them again
 * @returns the text, and the names of the signed headers joined by `;`
 */
export function canonicalRequest(
  { method, path, query, headers, payloadHash }: SignableRequest,
  service: string,
): { text: string; signedHeaders: string } {
  const lines = canonicalHeaders(headers);
  const signedHeaders = lines.map(([name]) => name).join(";");
  const text = [
    method,
    isS3(service) ? canonicalKey(path) : encodeAll(normalizePath(path), true),
    canonicalQuery(query),
    ...lines.map(([name, value]) => `${name}:${value}`),
    "",
    signedHeaders,
    payloadHash,
  ].join("\n");
  return { text, signedHeaders };
}

/**
 * Writes the path of a request to S3 in the form in which it is signed. An encoded slash is one in the key of an object.
 *
 * @param path as it is in a URL
 */
export function canonicalKey(path: string): string {
  const encoded = path.split("/").map(normalizeEncoding).join("/");
  const key = encoded.replaceAll("%2F", "/");
  // The URL parser would remove dot segments.
  return /(?:^|\/)\.\.?(?:\/|$)/.test(key) ? encoded : key;
}

/** Removes dot segments and empty segments. The URL parser has removed the dot segments of a request. */
function normalizePath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const isFolder = kept.length > 0 && /\/\.{0,2}$/.test(path);
  return `/${kept.join("/")}${isFolder ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const parameters = query.split("&").map((parameter) => {
    const [name = "", ...value] = parameter.split("=");
    return [normalizeEncoding(name), normalizeEncoding(value.join("="))] as const;
  });
  return parameters
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function canonicalHeaders(headers: SignableRequest["headers"]): readonly [string, string][] {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (UNSIGNED.has(lower)) continue;
    const before = values.get(lower);
    // Other white space may be a byte of a character in UTF-8. Collapsed first, so that no run is searched twice.
    const trimmed = value.replace(/[ \t]+/g, " ").replace(/^ | $/g, "");
    values.set(lower, before === undefined ? trimmed : `${before},${trimmed}`);
  }
  return [...values].toSorted(([a], [b]) => compare(a, b));
}

// By code units, as all of them are ASCII.
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
