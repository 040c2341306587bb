import { canonicalQuery, canonicalQueryCandidates } from "./canonical_query.ts";
import { canonicalRequest } from "./canonical_request.ts";
import type { PresignedUrl } from "./presigned_url.ts";
import { bodyLengths, CONTENT_LENGTH } from "./signed_headers.ts";

/** The parts of a request that its signature covers. */
export interface SignedContent {
  /** The signed URL. */
  url: PresignedUrl;
  /** As received. */
  method: string;
  /** As received, percent-encoded. */
  path: string;
  /** The signed headers that the request has, and their values. */
  headers: ReadonlyMap<string, string>;
  /** The exact body; `undefined` when it is not signed. */
  body: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * The canonical request of a request exactly as it was received: the first of
 * {@link canonicalRequestCandidates}, and nearly always the right one.
 *
 * @param content the signed parts of the request
 * @returns the canonical request up to the body
 */
export function receivedCanonicalRequest(content: SignedContent): string {
  const { url, method, path, headers, body } = content;
  const query = canonicalQuery(url.query.raw);
  const signed = body && isLengthComputed(content) ? withLength(headers, body.length) : headers;
  return canonicalRequest({ method, path, query, headers: signed });
}

/**
 * All canonical requests that a genuine signer may have signed, the likeliest first. The published SDKs
 * differ in how they percent-encode the query and in how they count the length of a body.
 *
 * @param content the signed parts of the request
 * @returns canonical requests up to the body
 */
export function* canonicalRequestCandidates(content: SignedContent): Generator<string> {
  const { url, method, path, headers, body } = content;
  const measured = isLengthComputed(content) ? body : undefined;
  for (const query of canonicalQueryCandidates(url.query)) {
    if (!measured) {
      yield canonicalRequest({ method, path, query, headers });
      continue;
    }
    for (const length of bodyLengths(measured)) {
      yield canonicalRequest({ method, path, query, headers: withLength(headers, length) });
    }
  }
}

function withLength(headers: ReadonlyMap<string, string>, length: number) {
  return new Map(headers).set(CONTENT_LENGTH, String(length));
}

// The length of a signed body is computed from the body, which is itself signed. A received length
// that differs is signed as it is, so that the signature does not match.
function isLengthComputed({ url, headers, body }: SignedContent): boolean {
  if (!body || !url.signedHeaders.includes(CONTENT_LENGTH)) return false;
  const received = headers.get(CONTENT_LENGTH);
  return received === undefined || received === String(body.length);
}
