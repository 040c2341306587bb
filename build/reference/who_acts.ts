import type { ProblemCode } from "../../lib/gateway/problem/problems.ts";

/** Who can act on a code. The signer is the backend; the client has what the signer gave it. */
const WHO: Readonly<Record<string, readonly ProblemCode[]>> = {
  client: [
    ...(["body_malformed", "body_too_large", "body_unexpected", "headers_too_large"] as const),
    ...(["method_not_allowed", "operation_not_granted", "override_refused"] as const),
    ...(["parameter_malformed", "parameter_missing", "parameter_repeated"] as const),
    ...(["parameter_unknown", "path_ambiguous", "policy_violation", "request_malformed"] as const),
    ...(["request_timeout", "route_unknown", "signed_header_missing", "token_repeated"] as const),
    ...(["url_too_long", "websocket_malformed", "websocket_version_unsupported"] as const),
  ],
  "client: wait": [
    ...(["budget_reserved", "draining", "policy_bodies_limit", "rate_limited"] as const),
    ...(["too_many_concurrent", "unverified_limit"] as const),
  ],
  "client: ask the signer again": ["expired", "token_expired", "token_predates_ledger"],
  signer: [
    ...(["access_denied", "address_not_granted", "algorithm_unknown", "app_unknown"] as const),
    ...(["date_in_future", "date_malformed", "expires_malformed", "expires_too_long"] as const),
    ...(["model_not_granted", "origin_not_granted", "policy_unknown", "scope_mismatch"] as const),
    ...(["signature_mismatch", "signature_missing", "subject_required", "target_invalid"] as const),
    ...(["target_not_granted", "token_audience_mismatch", "token_lifetime_too_long"] as const),
    ...(["token_malformed", "token_not_yet_valid", "token_signature_mismatch"] as const),
    "websocket_not_granted",
  ],
  "signer or operator": [
    ...(["bytes_exhausted", "cost_exhausted", "tokens_exhausted", "uses_exhausted"] as const),
    ...(["target_not_allowed", "token_revoked"] as const),
  ],
  operator: [
    ...(["credential_refused", "credential_unavailable", "ended_by_operator"] as const),
    ...(["internal_error", "keys_unavailable", "ledger_unavailable", "price_unknown"] as const),
    ...(["secret_too_short", "too_many_connections", "websocket_not_allowed"] as const),
  ],
  upstream: ["redirect_refused", "upstream_broken", "upstream_timeout", "upstream_unreachable"],
};

/**
 * Who can act on a code, so that a request like this one succeeds.
 *
 * @throws Error when nobody is named
 */
export function whoActs(code: string): string {
  const found = Object.entries(WHO).find(([, codes]) => codes.some((it) => it === code));
  if (!found) throw new Error(`${code}: name who can act on it, in build/reference/who_acts.ts`);
  return found[0];
}
