import type { Bytes } from "../../../body/relay.ts";
import type { AwsKeys, AwsSigning } from "../../../model/aws_signing.ts";
import { canonicalKey } from "./canonical_request.ts";
import { normalizeEncoding } from "./encoding.ts";
import { isS3 } from "./is_s3.ts";
import { authorizationOf, sha256Hex } from "./signature.ts";

/** A request that is about to be sent. */
export interface UnsignedRequest {
  method: string;
  url: URL;
  /** Edited in place. */
  headers: Headers;
  body: Bytes | ReadableStream<Bytes> | null;
}

/**
 * Signs a request with AWS Signature Version 4, in its headers.
 *
 * @param request as it would be sent
 * @param signing region and service
 * @param keys of the account
 * @param now in milliseconds since the epoch
 * @returns the URL to call. It means the same, but servers cannot read it in different ways
 * @throws TypeError for a streamed body that the signature must cover
 */
export async function signRequest(
  { method, url, headers, body }: UnsignedRequest,
  { region, service }: AwsSigning,
  keys: AwsKeys,
  now: number,
): Promise<URL> {
  const signed = unambiguousUrl(url, service);
  const date = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  const payloadHash = await payloadHashOf(body, { url, service });
  headers.set("x-amz-date", date);
  headers.set("x-amz-content-sha256", payloadHash);
  if (keys.sessionToken !== undefined) headers.set("x-amz-security-token", keys.sessionToken);
  const request = {
    method,
    path: signed.pathname,
    query: signed.search.slice(1),
    headers: [["host", signed.host] as const, ...headers],
    payloadHash,
  };
  headers.set("authorization", await authorizationOf(request, { region, service, date }, keys));
  return signed;
}

/**
 * Whether a signature can leave out the body: S3 allows it over https.
 *
 * @param url of the request
 * @param service that is called
 */
export function allowsUnsignedBody(url: URL, service: string): boolean {
  return isS3(service) && url.protocol === "https:";
}

async function payloadHashOf(
  body: UnsignedRequest["body"],
  { url, service }: { url: URL; service: string },
): Promise<string> {
  if (!(body instanceof ReadableStream)) return sha256Hex(body ?? new Uint8Array());
  if (allowsUnsignedBody(url, service)) return "UNSIGNED-PAYLOAD";
  throw new TypeError("a body that is signed has been read");
}

// Some servers read `+` as a space, some sign the text that they get as it is, and some leave out empty parameters.
function unambiguousUrl(url: URL, service: string): URL {
  const signed = new URL(url);
  if (isS3(service)) signed.pathname = canonicalKey(url.pathname);
  const parameters = url.search.slice(1).split("&").filter(Boolean);
  signed.search = parameters
    .map((parameter) => {
      const [name = "", ...value] = parameter.replaceAll("+", "%20").split("=");
      const parts = [name, ...(value.length > 0 ? [value.join("=")] : [])];
      return parts.map(normalizeEncoding).join("=");
    })
    .join("&");
  return signed;
}
