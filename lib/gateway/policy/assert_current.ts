import { SignatureError, TokenError } from "../../signing/verify.ts";
import type { Credential } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";

/**
 * Checks that a credential is still valid, after the time in which a body was read.
 *
 * @param credential of a request that was authenticated
 * @param now in milliseconds since the epoch
 * @throws TokenError `token_expired`, SignatureError `expired`, GatewayError `access_denied`
 */
export function assertCurrent(credential: Credential, now: number): void {
  const { scheme, id, issuedAt = 0, expiresAt = Infinity } = credential;
  // A token has expired at this moment, a signature after it. A clock that gives NaN refuses the request.
  if (scheme === "token" ? now < expiresAt : now <= expiresAt) return;
  if (scheme === "token") {
    throw new TokenError("token_expired", { claim: "exp", times: { issuedAt, expiresAt, now } });
  }
  if (scheme !== "signed_url") throw new GatewayError("access_denied");
  const times = { signedAt: issuedAt, expiredAt: expiresAt, now };
  throw new SignatureError("expired", { ...(id !== undefined && { id }), times });
}
