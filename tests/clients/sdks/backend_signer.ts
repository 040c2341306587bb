import { signUrl } from "../../../lib/signing/mod.ts";
import type { GetSignedUrl } from "../../../lib/signing/signed_fetch.ts";

export interface Credential {
  gateway: string;
  id: string;
  secret: string;
}

/** Signs a URL for one request. */
export type Sign = (upstream: string, method: string, body?: string) => Promise<string>;

/** Signs the method, the URL and the body, as a backend would. */
export function createSign(credential: Credential): Sign {
  return (upstream, method, body) =>
    signUrl(upstream, { ...credential, method, ...(body !== undefined && { body }) });
}

/** The same, long ago: what it signs has expired. */
export function createLateSign(credential: Credential): Sign {
  const now = new Date(Date.now() - 3_600_000);
  return (upstream, method, body) =>
    signUrl(upstream, { ...credential, method, now, ...(body !== undefined && { body }) });
}

/** For a client that runs where the secret is. */
export function signRequests(sign: Sign): GetSignedUrl {
  return async (request) => sign(request.url, request.method, (await request.text()) || undefined);
}
