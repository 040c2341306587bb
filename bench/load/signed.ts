import { signUrl, type SignOptions } from "../../lib/signing/mod.ts";
import type { WireRequest } from "./requests.ts";

/** Who signs, and for which upstream. */
export interface Signer {
  id: string;
  secret: string;
  /** Its origin. */
  upstream: string;
}

/** What is signed beside the target. */
export type Signed = Pick<SignOptions, "method" | "headers" | "now"> & Pick<WireRequest, "body">;

/** The path and query of the `index`th item at the upstream. */
export function itemPath(index: number): string {
  return `/v1/items/${String(index).padStart(4, "0")}?fields=status,owner&page=${index % 10}`;
}

/**
 * Signs a request to the upstream.
 *
 * @param path path and query at the upstream
 * @param signer the credential
 * @param signed what else is signed, and goes into the request
 * @returns the request for the gateway
 */
export async function signedRequest(
  path: string,
  { id, secret, upstream }: Signer,
  signed: Signed = {},
): Promise<WireRequest> {
  const gateway = "http://127.0.0.1";
  const url = await signUrl(upstream + path, { gateway, id, secret, expires: 3600, ...signed });
  const { method = "GET", headers = {}, body } = signed;
  return {
    method,
    target: url.slice(gateway.length),
    headers,
    ...(body !== undefined && { body }),
  };
}

/** The same request with another last digit of the signature, so with one that is wrong. */
export function tamper(request: WireRequest): WireRequest {
  const { target } = request;
  return { ...request, target: target.slice(0, -1) + (target.endsWith("0") ? "1" : "0") };
}
