import { isJsonObject, type JsonObject, type JsonValue } from "../primitives/json_value.ts";
import { type AddressRange, parseAddressRange } from "./address_range.ts";
import { COUNTER_KEYS, type CounterLimits, type OnAbort, parseCounters } from "./counters.ts";
import { ORIGIN, POLICY_NAME } from "./forms.ts";
import { type GrantedTarget, parseGrantedTarget } from "./granted_target.ts";
import { parsePolicy, POLICY_KEYS } from "./parse_policy.ts";
import { entriesLike, parsePermitList } from "./permit_list.ts";
import type { Policy } from "./policy.ts";
import { malformed, type TokenError } from "./token_error.ts";

/** The limits of a token, from its claim `sw`. An absent member sets no limit. */
export interface TokenPermits {
  /** The targets that it may call. */
  to?: readonly GrantedTarget[];
  /** The `Origin` values of which a request must carry one. */
  origins?: readonly string[];
  /** The addresses of which the client must have one. */
  ips?: readonly AddressRange[];
  /** The longest time that one exchange may last, in seconds; at least 1. */
  seconds?: number;
  /** The policy for the content of its requests. */
  policy?: Policy;
  /** The names of policies of the operator that apply as well; the key `policy`. */
  policyNames?: readonly string[];
  /** The limits that the ledger keeps for the credential. */
  limits?: CounterLimits;
  /** The charge for an exchange that ends before the API has reported its usage; the key `on_abort`. */
  onAbort?: OnAbort;
}

/** Every key of the claim `sw`. */
export const PERMIT_KEYS: ReadonlySet<string> = new Set([
  ...["to", "origins", "ips", "seconds", "policy", "on_abort"],
  ...COUNTER_KEYS,
  ...POLICY_KEYS,
]);

/**
 * Refuses a claim that belongs in `sw`: a misplaced limit must not be ignored.
 *
 * @param claims of the token
 * @throws TokenError `token_malformed`
 */
export function assertNoMisplacedPermit(claims: JsonObject): void {
  for (const name of Object.keys(claims)) {
    if (PERMIT_KEYS.has(name)) throw malformed(name, "belongs in sw");
  }
}

/**
 * Parses the claim `sw`, or the keys of a named policy.
 *
 * @param value as it was parsed; `undefined` when the claim is absent
 * @returns the limits, or `undefined` without the claim
 * @throws TokenError `token_malformed` for an unknown key, a wrong type or form, or an empty list
 */
export function parsePermits(value: JsonValue | undefined): TokenPermits | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw malformed("sw", "is not an object");
  for (const name of Object.keys(value)) {
    if (!PERMIT_KEYS.has(name)) throw unknown(name);
  }
  const { to, origins, ips, seconds, policy: names, on_abort: onAbort } = value;
  const permits: TokenPermits = {};
  if (to !== undefined) permits.to = parsePermitList("to", to, TARGETS);
  if (origins !== undefined) permits.origins = parsePermitList("origins", origins, ORIGINS);
  if (ips !== undefined) permits.ips = parsePermitList("ips", ips, ADDRESSES);
  if (seconds !== undefined) permits.seconds = parseSeconds(seconds);
  if (names !== undefined) permits.policyNames = parsePermitList("policy", names, NAMES);
  const policy = parsePolicy(value);
  if (policy) permits.policy = policy;
  const limits = parseCounters(value);
  if (limits) permits.limits = limits;
  if (onAbort !== undefined) permits.onAbort = parseOnAbort(onAbort);
  return permits;
}

const TARGETS = { mistake: "no URL or METHODS URL", parse: parseGrantedTarget };
const ADDRESSES = { mistake: "no address or CIDR range", parse: parseAddressRange };
const ORIGINS = entriesLike(ORIGIN, "no origin");
const NAMES = entriesLike(POLICY_NAME, "no name of a policy");

function unknown(name: string): TokenError {
  // The error does not repeat a long name or one with other characters: it may be a secret.
  return malformed(/^\w{1,40}$/.test(name) ? `sw.${name}` : "sw", "is not known");
}

function parseOnAbort(value: JsonValue): OnAbort {
  if (value === "charge" || value === "drain") return value;
  throw malformed("sw.on_abort", "is not charge or drain");
}

function parseSeconds(value: JsonValue): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw malformed("sw.seconds", "is not a whole number from 1 on");
}
