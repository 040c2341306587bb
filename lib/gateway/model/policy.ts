import type { Policy, TokenPermits } from "../../signing/verify.ts";

export type { BodyPolicy, OnExcess, PatchOperation, Policy } from "../../signing/verify.ts";

/** A policy of the operator. It can hold every key of a token's `sw` except the names of policies. */
export interface NamedPolicy extends Omit<TokenPermits, "policyNames"> {
  /** The name, by which tokens, apps and rules refer to it. */
  name: string;
}

/** A policy that applies to a request. */
export interface PolicyLayer {
  policy: Policy;
  /** The name of a named policy. Absent: it is that of the token itself. */
  name?: string;
  /** Whether the request needs no body for `body`: it is a GET or HEAD that `to` of the layer names. */
  mayLackBody: boolean;
}
