import { fromHex } from "../primitives/encoding.ts";
import { httpSpelling } from "../primitives/http_url.ts";
import { ALGORITHM, type ParameterName } from "./parameters.ts";
import { parsePresignedQuery, type PresignedQuery } from "./presigned_query.ts";
import { parseRequestDate } from "./request_date.ts";
import { SignatureError, type SignatureErrorCode } from "./signature_error.ts";
import { parseSignedHeaders } from "./signed_headers.ts";
import { scopeOf } from "./string_to_sign.ts";

/** The parts of a signed URL. None of them can be trusted before the signature is verified. */
export interface PresignedUrl {
  /** The app id, the credential without its scope. */
  id: string;
  /** When it was signed, as the signer wrote it: `YYYYMMDDTHHMMSSZ`. */
  date: string;
  /** When it was signed, in milliseconds since the epoch. */
  signedAt: number;
  /** How long it is valid, in seconds. */
  expires: number;
  /** The URL to call, as the signer wrote it. {@link parseTarget} reads it. */
  upstream: string;
  /** The names of the signed headers, in lower case, in the signer's order. */
  signedHeaders: readonly string[];
  /** Whether the body is part of the signature. */
  signedBody: boolean;
  /** The 32 bytes of the signature. */
  signature: Uint8Array<ArrayBuffer>;
  /** The query it was read from. */
  query: PresignedQuery;
}

/**
 * Parses the query of a signed URL and checks the form of every parameter.
 *
 * @param query the raw query string without `?`
 * @returns the parts, not yet verified
 * @throws SignatureError when a parameter is missing, repeated, unknown or malformed
 */
export function parsePresignedUrl(query: string): PresignedUrl {
  const parsed = parsePresignedQuery(query);
  const values = parsed.decoded;
  if (values["X-Sw-Algorithm"] !== ALGORITHM) throw new SignatureError("algorithm_unknown");
  const [id, scope] = parseCredential(values["X-Sw-Credential"]);
  const date = values["X-Sw-Date"];
  const signedAt = parseRequestDate(date);
  if (signedAt === undefined) throw new SignatureError("date_malformed", { id });
  if (scope !== scopeOf(date)) throw new SignatureError("scope_mismatch", { id });
  const upstream = values["X-Sw-Proxy"];
  return {
    id,
    date,
    signedAt,
    expires: parseExpires(values["X-Sw-Expires"]),
    upstream: assertShortHost(upstream),
    signedHeaders: parseSignedHeaders(values["X-Sw-SignedHeaders"]),
    signedBody: parseBoolean(values["X-Sw-Body"]),
    signature: parseSignature(parsed.raw["X-Sw-Signature"]),
    query: parsed,
  };
}

function parseCredential(text: string): [id: string, scope: string] {
  const slash = text.lastIndexOf("/");
  const id = text.slice(0, slash);
  const scope = text.slice(slash + 1);
  // deno-lint-ignore no-control-regex
  const isWellFormed = slash > 0 && /^\d{8}$/.test(scope) && !/[\x00-\x1f\x7f]/.test(id);
  return isWellFormed ? [id, scope] : throwMalformed("X-Sw-Credential");
}

function parseExpires(text: string): number {
  if (!/^(0|[1-9]\d*)$/.test(text)) throwMalformed("X-Sw-Expires", "expires_malformed");
  return Number(text);
}

// A name of 253 characters, and `:65535`. URL parsers take quadratic time for a host.
const MAX_AUTHORITY_LENGTH = 259;

// It contains everything that the WHATWG URL parser reads as the authority.
const AUTHORITY = /^[^:]*:[\t\n\r/\\]*([^/\\?#]*)/;

function assertShortHost(upstream: string): string {
  const authority = AUTHORITY.exec(upstream)?.[1] ?? "";
  if (authority.length > MAX_AUTHORITY_LENGTH) throwMalformed("X-Sw-Proxy", "target_invalid");
  return upstream;
}

/**
 * Parses the URL to call with the WHATWG URL parser. It is called after the signature is verified.
 *
 * @param upstream the URL as the signer wrote it
 * @returns the parsed URL
 * @throws SignatureError `target_invalid` when it is not an absolute URL with the scheme http, https, ws or wss
 */
export function parseTarget(upstream: string): URL {
  let target: URL | undefined;
  try {
    target = new URL(upstream);
    if (target.href.startsWith("ws")) target = new URL(httpSpelling(target.href));
  } catch {
    // Not an absolute URL.
  }
  // Reading `protocol` would make another text.
  if (target && /^https?:/.test(target.href)) return target;
  return throwMalformed("X-Sw-Proxy", "target_invalid");
}

function parseBoolean(text: string): boolean {
  return text === "true" || (text === "false" ? false : throwMalformed("X-Sw-Body"));
}

function parseSignature(raw: string): Uint8Array<ArrayBuffer> {
  return /^[0-9a-f]{64}$/.test(raw) ? fromHex(raw) : throwMalformed("X-Sw-Signature");
}

function throwMalformed(
  parameter: ParameterName,
  code: SignatureErrorCode = "parameter_malformed",
): never {
  throw new SignatureError(code, { parameter });
}
