import type { TokenErrorCode } from "../../signing/verify.ts";
import type { Problem } from "./problem.ts";

/** The codes of refusals and failures that only requests with an access token have. */
export type TokenProblemCode =
  | TokenErrorCode
  | "address_not_granted"
  | "credential_refused"
  | "keys_unavailable"
  | "origin_not_granted"
  | "override_refused"
  | "policy_unknown"
  | "redirect_refused"
  | "target_not_granted"
  | "token_predates_ledger"
  | "token_repeated"
  | "token_revoked";

/** The pause after a key set could not be fetched, for clients and for the gateway itself. */
export const KEY_SET_RETRY_SECONDS = 5;

const unauthorized = (detail: string): Problem => ({
  status: 401,
  title: "The access token was refused",
  detail,
});
const forbidden = (detail: string): Problem => ({
  status: 403,
  title: "This is not granted",
  detail,
});

/** The problem of each code. */
export const TOKEN_PROBLEMS: Readonly<Record<TokenProblemCode, Problem>> = {
  token_malformed: unauthorized(
    "The token's form, its header or a claim is wrong, missing or not supported. `signway explain` shows which one.",
  ),
  token_signature_mismatch: unauthorized(
    "The token's signature does not match. Check the secret or key, and that the token is complete.",
  ),
  secret_too_short: unauthorized(
    "The app has no secret of 32 bytes or more, so it has no tokens. Give it one, for example from `openssl rand -hex 32`.",
  ),
  token_expired: unauthorized("The token has expired. Request a new one."),
  token_not_yet_valid: unauthorized(
    "The token's `nbf` or `iat` is in the future. Check the clocks of the signer and the gateway.",
  ),
  token_predates_ledger: unauthorized(
    "The token or signed URL is not newer than the gateway's record of what was used, which began when the gateway or its store was started. Request a new one.",
  ),
  token_lifetime_too_long: unauthorized(
    "The token's lifetime exceeds the maximum of the gateway or the app. Sign it with a shorter one.",
  ),
  token_audience_mismatch: unauthorized(
    "The token's `aud` does not name the audience of the gateway or the app.",
  ),
  token_revoked: unauthorized(
    "The access token or signed URL was revoked. Request a new one, or ask the operator.",
  ),
  token_repeated: unauthorized(
    "The request has two different tokens of this gateway, or a token and a signed URL. Send one of them.",
  ),
  policy_unknown: unauthorized(
    "The token names a policy that the gateway does not have. Check the names in `sw.policy`.",
  ),
  target_not_granted: forbidden(
    "The `to` of the token or of a policy does not include this method and URL.",
  ),
  origin_not_granted: forbidden(
    "The `origins` of the token or of a policy does not include the Origin header.",
  ),
  address_not_granted: forbidden(
    "The `ips` of the token or of a policy does not include the client's address.",
  ),
  override_refused: {
    status: 400,
    title: "Override refused",
    detail:
      "A request with a token must not override its method or headers by a header or a query parameter. Send the intended method.",
  },
  redirect_refused: {
    status: 502,
    isFinal: true,
    title: "Redirect refused",
    detail: "The upstream redirects to another origin. A client would send its credentials there.",
  },
  keys_unavailable: {
    status: 503,
    retryAfter: KEY_SET_RETRY_SECONDS,
    title: "Keys unavailable",
    detail:
      "The gateway could not fetch the key set of the token's issuer, so it cannot verify the token. Try again.",
  },
  credential_refused: {
    status: 502,
    isFinal: true,
    title: "Credential refused",
    detail: "The upstream refuses the operator's credential. The gateway's log has the request.",
  },
};
