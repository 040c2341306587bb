import { canonicalQuery, canonicalQueryCandidates } from "./canonical_query.ts";
import { canonicalRequest } from "./canonical_request.ts";
import type { PresignedUrl } from "./presigned_url.ts";
import { bodyLengths, CONTENT_LENGTH } from "./signed_headers.ts";

/**
 * The canonical request, up to the body, that a genuine signer is the likeliest to have meant: what was
 * received, as it was received. Nearly always no other is asked for.
 *
 * @param url the signed URL, taken apart
 * @param request method and path as received
 * @param headers the signed headers and their values
 * @param body the exact body, if it is signed
 */
export function likeliestCanonicalRequest(
  url: Pick<PresignedUrl, "query" | "signedHeaders">,
  { method, path }: { method: string; path: string },
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | undefined,
): string {
  const query = canonicalQuery(url.query.raw);
  const signed =
    body && isLengthSigned(url, headers, body) ? withLength(headers, body.length) : headers;
  return canonicalRequest({ method, path, query, headers: signed });
}

/**
 * All canonical requests, up to the body, that a genuine signer may have meant, the likeliest first.
 *
 * @param url the signed URL, taken apart
 * @param request method and path as received
 * @param headers the signed headers and their values
 * @param body the exact body, if it is signed
 */
export function* canonicalRequests(
  url: Pick<PresignedUrl, "query" | "signedHeaders">,
  { method, path }: { method: string; path: string },
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | undefined,
): Generator<string> {
  const lengthIn = isLengthSigned(url, headers, body) ? body : undefined;
  for (const query of canonicalQueryCandidates(url.query)) {
    if (!lengthIn) {
      yield canonicalRequest({ method, path, query, headers });
      continue;
    }
    for (const length of bodyLengths(lengthIn)) {
      yield canonicalRequest({ method, path, query, headers: withLength(headers, length) });
    }
  }
}

function withLength(headers: ReadonlyMap<string, string>, length: number) {
  return new Map(headers).set(CONTENT_LENGTH, String(length));
}

// The length of a signed body is computed, not believed: the body says all that it could say.
function isLengthSigned(
  { signedHeaders }: Pick<PresignedUrl, "signedHeaders">,
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | undefined,
): boolean {
  if (!body || !signedHeaders.includes(CONTENT_LENGTH)) return false;
  const received = headers.get(CONTENT_LENGTH);
  return received === undefined || received === String(body.length);
}
