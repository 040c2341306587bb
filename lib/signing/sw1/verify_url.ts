import { utf8 } from "../primitives/encoding.ts";
import { type Sha256, webSha256 } from "../primitives/sha256.ts";
import { type VerifyHmac, webVerifyHmac } from "../primitives/verify_hmac.ts";
import {
  canonicalRequestCandidates,
  receivedCanonicalRequest,
  type SignedContent,
} from "./canonical_request_candidates.ts";
import { DEFAULT_CLOCK_SKEW, DEFAULT_MAX_EXPIRES } from "../primitives/defaults.ts";
import { parsePresignedUrl, parseTarget, type PresignedUrl } from "./presigned_url.ts";
import { repeatsHeaderNames } from "./repeated_names.ts";
import {
  SignatureError,
  type SignatureErrorCode,
  type SignatureErrorDetails,
} from "./signature_error.ts";
import { CONTENT_LENGTH } from "./signed_headers.ts";
import { createSigningKeys, type SigningKeys } from "./signing_key.ts";
import { scopeOf, stringToSign } from "./string_to_sign.ts";

/** The parts of a request that its signature can cover. */
export interface SignedRequest {
  /** The method, as on the request line. */
  method: string;
  /** The path of the gateway's public URL, percent-encoded as received, `/` when there is none. */
  path: string;
  /** The raw query string without `?`. */
  query: string;
  /** The request's headers. */
  headers: Pick<Headers, "get">;
  /** Reads the whole body. Called at most once, and only for a signed body. The URL is not verified yet. */
  readBody: (url: PresignedUrl) => Promise<Uint8Array<ArrayBuffer>>;
}

/** Settings of {@link verifyUrl}. */
export interface VerifyOptions {
  /**
   * Returns the secrets of an app, each of which is accepted; `undefined` for an unknown id. Called again
   * after a signed body has been read.
   */
  findSecrets: (
    id: string,
  ) => readonly string[] | undefined | Promise<readonly string[] | undefined>;
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** The longest lifetime that a URL may have, in seconds. Default: 604800, a week. */
  maxExpires?: number;
  /** How far a signer's clock may be ahead of this one, in seconds. Default: 300. */
  clockSkew?: number;
  /** Returns the signing keys. Default: a cache that all calls share. */
  signingKeys?: SigningKeys;
  /** Computes SHA-256. Default: WebCrypto. A synchronous function is faster for short texts. */
  sha256?: Sha256;
  /** Compares signatures. Default: `crypto.subtle.verify`. */
  verifyHmac?: VerifyHmac;
}

/** A signed URL whose signature has been verified. */
export interface VerifiedUrl extends PresignedUrl {
  /** The upstream URL as the WHATWG URL parser reads it. */
  target: URL;
  /** The index of the secret that signed the URL, among the secrets that `findSecrets` returned. */
  secret: number;
  /** The body, if it is signed. */
  body?: Uint8Array<ArrayBuffer>;
}

// The default cache, which all calls share.
const sharedKeys = createSigningKeys();

/**
 * Verifies a request to a signed URL (SW1-HMAC-SHA256), made by any of the published SDKs.
 *
 * @param request the request as it was received; path and query keep their percent-encoding, which is
 *   part of what was signed
 * @param options the secrets, the clock in milliseconds and the limits in seconds
 * @returns the parts of the URL, and the body if it is signed
 * @throws SignatureError with the code of the first reason that is found; the cheapest checks come
 *   first
 *
 * @example
 * ```ts
 * async function verified(request: Request): Promise<string> {
 *   const { pathname, search } = new URL(request.url);
 *   const url = await verifyUrl(
 *     {
 *       method: request.method,
 *       path: pathname,
 *       query: search.slice(1),
 *       headers: request.headers,
 *       readBody: async () => new Uint8Array(await request.arrayBuffer()),
 *     },
 *     { findSecrets: (id) => (id === "web" ? [secret] : undefined) },
 *   );
 *   return url.upstream;
 * }
 * ```
 */
export async function verifyUrl(
  request: SignedRequest,
  options: VerifyOptions,
): Promise<VerifiedUrl> {
  const url = parsePresignedUrl(request.query);
  assertCurrent(url, options);
  const found = options.findSecrets(url.id);
  const secrets = isPending(found) ? await found : found;
  if (!secrets) throw createError("app_unknown", url);
  const { method, path } = request;
  const headers = collectSignedHeaders(url, request.headers);
  const content = { url, method, path, headers };
  if (!url.signedBody) {
    const secret = await assertSignature({ ...content, body: undefined }, secrets, options);
    return Object.assign(url, { target: parseTarget(url.upstream), secret });
  }
  const body = await request.readBody(url);
  // The URL may have expired while the body was read.
  assertCurrent(url, options);
  const current = await options.findSecrets(url.id);
  if (!current) throw createError("app_unknown", url);
  const secret = await assertSignature({ ...content, body }, current, options);
  if (repeatsHeaderNames(url.signedHeaders, body)) throw createError("signature_mismatch", url);
  return { ...url, target: parseTarget(url.upstream), secret, body };
}

// `await` costs a turn even for a plain value. The promises of some database clients are not instances of Promise.
function isPending<Value>(found: Value | PromiseLike<Value>): found is PromiseLike<Value> {
  return typeof found === "object" && found !== null && "then" in found;
}

function createError(
  code: SignatureErrorCode,
  { id, upstream }: PresignedUrl,
  more: SignatureErrorDetails = {},
): SignatureError {
  return new SignatureError(code, { id, upstream, ...more });
}

function assertCurrent(url: PresignedUrl, options: VerifyOptions): void {
  const { now = Date.now } = options;
  const { maxExpires = DEFAULT_MAX_EXPIRES, clockSkew = DEFAULT_CLOCK_SKEW } = options;
  if (url.expires > maxExpires) throw createError("expires_too_long", url);
  const time = now();
  const age = time - url.signedAt;
  // The comparisons are negated so that a clock that gives NaN refuses the URL.
  if (!(age >= -clockSkew * 1000)) throw createError("date_in_future", url, timesOf(url, time));
  if (!(age <= url.expires * 1000)) throw createError("expired", url, timesOf(url, time));
}

function timesOf({ signedAt, expires }: PresignedUrl, now: number): SignatureErrorDetails {
  return { times: { signedAt, expiredAt: signedAt + expires * 1000, now } };
}

const NO_HEADERS: ReadonlyMap<string, string> = new Map();

function collectSignedHeaders(
  url: PresignedUrl,
  headers: Pick<Headers, "get">,
): ReadonlyMap<string, string> {
  if (url.signedHeaders.length === 0) return NO_HEADERS;
  const signed = new Map<string, string>();
  for (const name of url.signedHeaders) {
    const value = headers.get(name);
    if (value !== null) signed.set(name, value);
    // The length of a signed body is known without the header.
    else if (!url.signedBody || name !== CONTENT_LENGTH) {
      throw createError("signed_header_missing", url, { header: name });
    }
  }
  return signed;
}

/**
 * Compares the signature for each form of the request with each secret. It is one function, because a request waits for
 * each asynchronous function in a turn of its own.
 *
 * @returns the index of the secret that made the signature
 * @throws SignatureError `signature_mismatch` when no secret did
 */
async function assertSignature(
  content: SignedContent,
  secrets: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const { signingKeys = sharedKeys, verifyHmac = webVerifyHmac } = options;
  const { id, date, signature } = content.url;
  const received = receivedCanonicalRequest(content);
  let receivedText: string | undefined;
  let others: Iterator<string, undefined> | undefined;
  for (let form: string | undefined = received; form !== undefined; form = others.next().value) {
    const computed = computeStringToSign(form, content, options);
    const text = typeof computed === "string" ? computed : await computed;
    const message = utf8(text);
    for (let index = 0; index < secrets.length; index++) {
      const secret = secrets[index]!;
      // Anybody can guess a blank secret.
      if (secret.trim() === "") continue;
      const key = signingKeys(id, scopeOf(date), index, secret);
      if (await verifyHmac(isPending(key) ? await key : key, signature, message)) return index;
    }
    receivedText ??= text;
    others ??= otherForms(content, received);
  }
  throw new SignatureError("signature_mismatch", {
    id,
    upstream: content.url.upstream,
    canonicalRequest: received,
    ...(receivedText !== undefined && { stringToSign: receivedText }),
  });
}

/** The forms of a request that its signer may have signed instead of the one that was received. */
function* otherForms(content: SignedContent, received: string): Generator<string, undefined> {
  for (const form of canonicalRequestCandidates(content)) if (form !== received) yield form;
  return undefined;
}

function computeStringToSign(
  canonical: string,
  { url: { date }, body }: SignedContent,
  { sha256 = webSha256 }: VerifyOptions,
): string | Promise<string> {
  const digest = sha256(canonical, body);
  if (typeof digest === "string") return stringToSign(date, digest);
  return digest.then((hex) => stringToSign(date, hex));
}
