import type { JsonObject, JsonValue } from "../../../../lib/signing/verify.ts";

/** A value of `JSON.parse` as strict JSON has it, with names that strict JSON would refuse. */
export function jsonValue(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  const object: JsonObject = Object.create(null);
  for (const [name, member] of Object.entries(value)) object[name] = jsonValue(member);
  return object;
}
