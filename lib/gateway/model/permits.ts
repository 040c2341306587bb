import type { CredentialLimits, OnAbort } from "./counter_limits.ts";
import type { PolicyLayer } from "./policy.ts";

/** The limits of a grant. They are never wider than the operator's rule. */
export interface Permits {
  /** The largest request body, in bytes. Absent: only the rule's limit applies. */
  maxBody?: number;
  /** The longest duration of the exchange, in seconds. Absent: only the gateway's limit applies. */
  seconds?: number;
  /** Whether the grant names its targets. A rule without a URL serves a token only then. */
  namesTargets?: boolean;
  /** What the request may say: of the token, the policies that it names, its app and the rule. Absent: anything. */
  policies?: readonly PolicyLayer[];
  /** The limits that the ledger keeps for the credential: of the token and the policies, combined. Absent: none. */
  limits?: CredentialLimits;
  /** What is charged for an exchange that ends before its usage is reported. Absent: all that was reserved. */
  onAbort?: OnAbort;
}
