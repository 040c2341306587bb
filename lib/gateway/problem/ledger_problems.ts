import type { Problem } from "./problem.ts";

/** The codes of refusals that only requests under a limit of the ledger have. */
export type LedgerProblemCode =
  | "budget_reserved"
  | "bytes_exhausted"
  | "cost_exhausted"
  | "ledger_unavailable"
  | "price_unknown"
  | "rate_limited"
  | "subject_required"
  | "tokens_exhausted"
  | "too_many_concurrent"
  | "uses_exhausted";

const exhausted = (detail: string): Problem => ({
  status: 403,
  title: "A limit is used up",
  detail,
});
const busy = (detail: string): Problem => ({
  status: 429,
  title: "A limit is reached for now",
  detail,
});

/** The problem of each code. */
export const LEDGER_PROBLEMS: Readonly<Record<LedgerProblemCode, Problem>> = {
  uses_exhausted: exhausted(
    "The token, signed URL, end user, app or upstream has no use left. Request a new token, or ask the operator.",
  ),
  tokens_exhausted: exhausted(
    "There are too few LLM tokens left for this request. Send a smaller one, request a new token, or ask the operator.",
  ),
  cost_exhausted: exhausted(
    "There is too little money left for this request. Send a smaller one, request a new token, or ask the operator.",
  ),
  bytes_exhausted: exhausted(
    "There are too few bytes left for this response. Request a new token, or ask the operator.",
  ),
  budget_reserved: busy(
    "Requests that are still open have reserved what this request needs. Try again when one of them has ended.",
  ),
  rate_limited: busy("Requests come too fast. Try again after the time in Retry-After."),
  too_many_concurrent: busy(
    "Too many requests are open at once. Try again when one of them has ended.",
  ),
  price_unknown: {
    status: 403,
    title: "Unknown price",
    detail:
      "A limit on cost applies, and the gateway knows no price for this model. Use another model, or ask the operator to add its price.",
  },
  subject_required: {
    status: 403,
    title: "Subject required",
    detail:
      "The app has limits for each end user, so a request needs a token with the claim `sub`. Sign the token with a subject.",
  },
  ledger_unavailable: {
    status: 503,
    isFinal: true,
    title: "Ledger unavailable",
    detail:
      "The gateway cannot reach the store of its limits, so it refuses requests that count. Try again later.",
  },
};
