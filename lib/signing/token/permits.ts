import { isJsonObject, type JsonObject, type JsonValue } from "../primitives/json_value.ts";
import { type AddressRange, parseAddressRange } from "./address_range.ts";
import { ORIGIN } from "./forms.ts";
import { type GrantedTarget, parseGrantedTarget } from "./granted_target.ts";
import { malformed } from "./token_error.ts";

/** What a token grants, from its claim `sw`. What is absent restricts nothing. */
export interface TokenPermits {
  /** The targets that it may call. */
  to?: readonly GrantedTarget[];
  /** The `Origin` values of which a request must carry one. */
  origins?: readonly string[];
  /** The addresses of which the client must have one. */
  ips?: readonly AddressRange[];
  /** The longest time that one exchange may last, in seconds; at least 1. */
  seconds?: number;
}

// Names of keys are part of the token's form; what they mean is specified with policies and counters.
const LATER_KEYS = [
  ...["models", "max_output_tokens", "on_excess", "allow", "system", "tools", "body", "messages"],
  ...["binary", "session", "policy"],
  ...["uses", "concurrent", "rate", "bytes", "tokens", "cost", "on_abort"],
];

const PERMIT_KEYS: ReadonlySet<string> = new Set([
  "to",
  "origins",
  "ips",
  "seconds",
  ...LATER_KEYS,
]);

/**
 * Refuses a claim that belongs into `sw`: a misplaced limit must not vanish.
 *
 * @param claims of the token
 * @throws TokenError `token_malformed`
 */
export function assertNoMisplacedPermit(claims: JsonObject): void {
  for (const name of Object.keys(claims)) {
    if (PERMIT_KEYS.has(name)) throw malformed(name, "belongs into sw");
  }
}

/**
 * Parses the claim `sw`.
 *
 * @param value as it was parsed; `undefined` when the claim is absent
 * @returns what it grants, or `undefined` without the claim
 * @throws TokenError `token_malformed` for an unknown key, one that this version does not support, a wrong
 *   type or form, or an empty list
 */
export function parsePermits(value: JsonValue | undefined): TokenPermits | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw malformed("sw", "is not an object");
  const { to, origins, ips, seconds, ...others } = value;
  for (const name of Object.keys(others)) {
    if (PERMIT_KEYS.has(name)) throw malformed(`sw.${name}`, "is not supported by this version");
    // A long name, or one with other characters, is not for an error.
    throw malformed(/^\w{1,40}$/.test(name) ? `sw.${name}` : "sw", "is not known");
  }
  return {
    ...(to !== undefined && { to: parseList("to", to, parseGrantedTarget) }),
    ...(origins !== undefined && { origins: parseList("origins", origins, parseOrigin) }),
    ...(ips !== undefined && { ips: parseList("ips", ips, parseAddressRange) }),
    ...(seconds !== undefined && { seconds: parseSeconds(seconds) }),
  };
}

const ENTRIES = {
  to: "no URL or METHODS URL",
  origins: "no origin",
  ips: "no address or CIDR range",
} as const;

function parseList<Entry>(
  name: keyof typeof ENTRIES,
  value: JsonValue,
  parseEntry: (text: string) => Entry | undefined,
): Entry[] {
  if (!Array.isArray(value)) throw malformed(`sw.${name}`, "is not a list");
  if (value.length === 0) throw malformed(`sw.${name}`, "is empty");
  return value.map((text) => {
    const entry = typeof text === "string" ? parseEntry(text) : undefined;
    if (entry === undefined) throw malformed(`sw.${name}`, `has an entry that is ${ENTRIES[name]}`);
    return entry;
  });
}

function parseOrigin(text: string): string | undefined {
  return ORIGIN.test(text) ? text : undefined;
}

function parseSeconds(value: JsonValue): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw malformed("sw.seconds", "is not a whole number from 1 on");
}
