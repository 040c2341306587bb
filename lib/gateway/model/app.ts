import type { ParsedToken } from "../../signing/verify.ts";
import type { CorsPolicy } from "./cors_policy.ts";
import type { CounterLimits } from "./counter_limits.ts";
import type { NamedPolicy } from "./policy.ts";
import type { Receipts } from "./receipts.ts";
import type { Limits, UpstreamRule } from "./rule.ts";

/** The app or route that a request is authenticated as. */
export interface Principal extends Limits {
  /** The id of the app, or the path of the route. */
  id: string;
  /** The rules for its targets. The longest matching URL wins. */
  upstreams: readonly UpstreamRule[];
  /** Default: the gateway's. */
  cors?: CorsPolicy;
  /** The limits that the ledger keeps for all its requests together. Default: none. */
  limits?: CounterLimits;
  /**
   * The limits that the ledger keeps for each end user, the `sub` of a token. A request without one is refused.
   * Default: none.
   */
  subjectLimits?: CounterLimits;
  /**
   * Where the receipts of its exchanges go. With them, the ledger counts each exchange and queues its receipt. A gateway
   * that a program embeds sends none. Default: it has none.
   */
  receipts?: Receipts;
  /** Whether spans become part of the trace that the caller's `traceparent` names. Default: they link to it. */
  trustTraceparent?: boolean;
}

/** A principal with signed URLs. */
export interface App extends Principal {
  /** A signature with any of them is accepted. */
  secrets: readonly string[];
  /** The longest lifetime of a signed URL or a token, in seconds. Default: the gateway's. */
  maxExpires?: number;
  /** How tokens of the app are verified. Default: with its secrets of 32 bytes or more. */
  tokens?: TokenSettings;
}

/** How tokens of an app are verified. */
export interface TokenSettings {
  /** Whether the app has tokens. Default: yes. */
  enabled?: boolean;
  /** The audience that tokens must name, in place of the gateway's. */
  audience?: string;
  /**
   * Verifies the signature of a token of the app's key set. It throws a TokenError for a token that no key
   * signed. Absent: the app has no key set.
   */
  verifyWithKeySet?: (token: ParsedToken) => Promise<void>;
  /** Claims that a token must have. Default: none. */
  require?: RequiredClaims;
  /** Policies that apply to every token. With them, a token of the key set needs no claim `sw`. Default: none. */
  policies?: readonly NamedPolicy[];
}

/** Names of claims: each with `true` for any value, or a text for this value or, in `scope`, for this word. */
export type RequiredClaims = Readonly<Record<string, true | string>>;
