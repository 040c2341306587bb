import { assertCountable, type Sha256, webSha256 } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import type { Grant } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";

/**
 * Checks that what is counted for a credential can be counted: a token needs an id and the moment of signing. A
 * signed URL gets an id, which is derived from its signature.
 *
 * @param grant of a request for whose credential something is counted
 * @param inbound the request
 * @param options the hash. Default: that of WebCrypto
 * @returns the grant, with the digest of a signed URL
 * @throws TokenError `token_malformed`; GatewayError `target_not_allowed` for a request without a credential
 */
export async function countable(
  grant: Grant,
  { target: { query } }: InboundRequest,
  { sha256 = webSha256 }: { sha256?: Sha256 },
): Promise<Grant> {
  const { credential } = grant;
  if (credential.scheme === "token") {
    assertCountable(credential);
    return grant;
  }
  // It was verified, so it is there, and in lower case.
  const [, signature] = /(?:^|&)X-Sw-Signature=([0-9a-f]{64})/.exec(query) ?? [];
  if (credential.scheme !== "signed_url" || signature === undefined) {
    throw new GatewayError("target_not_allowed", "a policy counts, and a route has no credential");
  }
  return { ...grant, credential: { ...credential, digest: await sha256(signature) } };
}
