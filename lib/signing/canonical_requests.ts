import { canonicalQueries, canonicalRequest } from "./canonical_request.ts";
import { utf8 } from "./encoding.ts";
import type { PresignedUrl } from "./presigned_url.ts";
import { bodyLengths, CONTENT_LENGTH } from "./signed_headers.ts";

/**
 * The canonical requests, up to the body, that a genuine signer may have meant, the likeliest first.
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
  for (const query of canonicalQueries(url.query)) {
    for (const signed of headerVariants(url, headers, body)) {
      yield canonicalRequest({ method, path, query, headers: signed });
    }
  }
}

// The length of a signed body is computed, not believed: the body says all that it could say.
function* headerVariants(
  url: Pick<PresignedUrl, "signedHeaders">,
  headers: ReadonlyMap<string, string>,
  body: Uint8Array | undefined,
): Generator<ReadonlyMap<string, string>> {
  if (!body || !url.signedHeaders.includes(CONTENT_LENGTH)) return yield headers;
  const received = headers.get(CONTENT_LENGTH);
  if (received !== undefined && received !== String(body.length)) return yield headers;
  for (const length of bodyLengths(body)) {
    yield new Map(headers).set(CONTENT_LENGTH, String(length));
  }
}

/** The UTF-8 bytes of a text, and a body after them. */
export function withBody(text: string, body: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const head = utf8(text);
  if (!body?.length) return head;
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}
