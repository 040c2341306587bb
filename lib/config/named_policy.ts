import type { NamedPolicy } from "../gateway/model/policy.ts";
import { prepareSchema } from "../gateway/policy/schema/prepare.ts";
import {
  type JsonObject,
  JsonSchemaError,
  type JsonValue,
  parsePermits,
  TokenError,
} from "../signing/verify.ts";

/** A mistake in a policy. */
export interface PolicyMistake {
  /** The keys that lead to the value, and the index of an entry. */
  path: readonly (string | number)[];
  /** Follows the name of the value. */
  mistake: string;
}

/**
 * Parses the keys of a policy in the same way as a token's `sw`.
 *
 * @param name of the policy
 * @param keys of the table, without the name
 * @returns the policy, or the first mistake
 */
export function toNamedPolicy(name: string, keys: object): NamedPolicy | PolicyMistake {
  try {
    const { policyNames: _, ...permits } = parsePermits(toJson(keys))!;
    const schema = permits.policy?.body?.schema;
    if (schema !== undefined) prepareSchema(schema);
    Object.values(permits.policy?.messages ?? {}).forEach(prepareSchema);
    return { name, ...permits };
  } catch (error) {
    if (error instanceof JsonSchemaError) {
      return { path: ["body", "schema"], mistake: error.message };
    }
    if (!(error instanceof TokenError)) throw error;
    const { claim = "sw", reason = "is refused" } = error.details;
    return { path: claim.split(".").slice(1), mistake: reason };
  }
}

/**
 * Finds every mistake in the keys of a policy. Each key and each entry of a list is parsed alone.
 *
 * @param name of the policy
 * @param keys of the table, without the name
 */
export function policyMistakes(name: string, keys: object): PolicyMistake[] {
  return Object.entries(keys).flatMap(([key, value]: [string, unknown]) => {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [];
    const ofEntries = entries.flatMap((entry, i) =>
      mistakesIn(name, { [key]: [entry] }).map(({ mistake }) => ({
        path: [key, i],
        mistake: mistake.replace(/^has an entry that /, ""),
      })),
    );
    return ofEntries.length > 0 ? ofEntries : mistakesIn(name, { [key]: value });
  });
}

function mistakesIn(name: string, keys: object): PolicyMistake[] {
  const parsed = toNamedPolicy(name, keys);
  return "name" in parsed ? [] : [parsed];
}

const MAX_DEPTH = 64;

/** A value of a file as strict JSON has it. A date of TOML is no value of JSON. */
function toJson(value: unknown, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw new JsonSchemaError("is nested too deeply");
  if (typeof value === "number" && !Number.isFinite(value)) return notJson();
  if (value instanceof Date || typeof value === "bigint") return notJson();
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1));
  if (typeof value !== "object" || value === null) return value as JsonValue;
  const object: JsonObject = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    if (name === "__proto__") return notJson();
    if (member !== undefined) object[name] = toJson(member, depth + 1);
  }
  return object;
}

function notJson(): never {
  throw new TokenError("token_malformed", {
    claim: "sw.body",
    reason: "has a value that is not one of JSON: a date, an endless number or a name __proto__",
  });
}
