import { signUrl, type SignOptions } from "../../lib/signing/mod.ts";
import type { WireRequest } from "./requests.ts";

/** The credential to sign with, and the upstream to sign for. */
export interface Signer {
  id: string;
  secret: string;
  /** The origin of the upstream. */
  upstream: string;
}

/** The parts of a request that are signed beside its target. */
export interface SignedContent extends Pick<SignOptions, "method" | "now"> {
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array<ArrayBuffer>;
}

/** The path and query of the `index`th item at the upstream. */
export function itemPath(index: number): string {
  return `/v1/items/${String(index).padStart(4, "0")}?fields=status,owner&page=${index % 10}`;
}

/**
 * Signs a request to the upstream.
 *
 * @param path path and query at the upstream
 * @param signer the credential
 * @param content the rest of the request; signed too
 * @returns the request for the gateway
 */
export async function createSignedRequest(
  path: string,
  { id, secret, upstream }: Signer,
  content: SignedContent = {},
): Promise<WireRequest> {
  const gateway = "http://127.0.0.1";
  const url = await signUrl(upstream + path, { gateway, id, secret, expires: 3600, ...content });
  const { method = "GET", headers = {}, body } = content;
  return {
    method,
    target: url.slice(gateway.length),
    headers,
    ...(body !== undefined && { body }),
  };
}

/**
 * Signs requests to different items.
 *
 * @param count how many
 * @param signer the credential
 * @param contentOf the content of the `index`th request; default: a GET request
 */
export function signItemRequests(
  count: number,
  signer: Signer,
  contentOf: (index: number) => SignedContent = () => ({}),
): Promise<WireRequest[]> {
  const requests = Array.from({ length: count }, (_, index) =>
    createSignedRequest(itemPath(index), signer, contentOf(index)),
  );
  return Promise.all(requests);
}

/** The same request with another last digit of its signature, which makes the signature wrong. */
export function tamperSignature(request: WireRequest): WireRequest {
  const { target } = request;
  return { ...request, target: target.slice(0, -1) + (target.endsWith("0") ? "1" : "0") };
}
