import type { Problem } from "./problem.ts";

/** The codes of refusals that only requests under a policy have. */
export type PolicyProblemCode =
  | "body_malformed"
  | "model_not_granted"
  | "operation_not_granted"
  | "policy_bodies_limit"
  | "policy_violation"
  | "websocket_not_granted";

const forbidden = (detail: string): Problem => ({
  status: 403,
  title: "A policy does not grant this",
  detail,
});

/** The problem of each code. A refusal has a more exact detail, if there is one. */
export const POLICY_PROBLEMS: Readonly<Record<PolicyProblemCode, Problem>> = {
  body_malformed: {
    status: 400,
    title: "Malformed body",
    detail:
      "A policy applies, so the body must be JSON that all parsers read alike: application/json in UTF-8, without a content coding, repeated names and numbers beyond doubles.",
  },
  policy_violation: forbidden("The body does not comply with a policy of the token or operator."),
  operation_not_granted: forbidden(
    "This is no operation of the API that the policy grants. Check the method and the path.",
  ),
  model_not_granted: forbidden("The policy does not grant this model."),
  websocket_not_granted: forbidden(
    "A policy has rules for what a request says, which cannot be checked for this WebSocket.",
  ),
  policy_bodies_limit: {
    status: 503,
    title: "Too many bodies under policies",
    detail: "The memory for request bodies under policies is used up. Try again.",
    retryAfter: 1,
  },
};
