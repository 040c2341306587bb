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
  /** The keys that lead to the value. */
  path: readonly string[];
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
