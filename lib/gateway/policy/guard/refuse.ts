import { PolicyError } from "../../problem/policy_error.ts";

// A longer text would fill the response. One with other characters than names have is not repeated.
const MAX_NAME = 64;
const MAX_ENTRY = 256;
const PLAIN = /^[\w.:=/@+[\]-]+$/;

/** Whether a name can be repeated in a response: it is short and has only characters of names. */
export function isPlain(name: string): boolean {
  return name.length <= MAX_NAME && PLAIN.test(name);
}

/** Steps that lead to a value: names of members, and indices of elements. */
export type Step = string | number;

/**
 * The place of a value as clients write it: `tools[0].type`. A name that cannot be repeated is `?`.
 *
 * @param steps that lead to the value
 */
export function placeOf(steps: readonly Step[]): string {
  let place = "";
  for (const step of steps) {
    if (typeof step === "number") place += `[${step}]`;
    else place += `${place && "."}${isPlain(step) ? step : "?"}`;
  }
  return place;
}

/**
 * The place of a value in an entry of `allow`, where indices do not count: `messages[].content[].type`.
 *
 * @returns `undefined` when a name cannot be repeated
 */
export function openedPlaceOf(steps: readonly Step[]): string | undefined {
  let place = "";
  for (const step of steps) {
    if (typeof step === "number") place += "[]";
    else if (!isPlain(step)) return undefined;
    else place += `${place && "."}${step}`;
  }
  return place;
}

/**
 * The error for a part of a request that is not granted.
 *
 * @param param the place
 * @param rule what holds, as a sentence
 * @param entry the entry of `allow` that would open it. Absent: none would
 */
export function violation(param: string, rule: string, entry?: string): PolicyError {
  const isNamed = entry !== undefined && entry.length <= MAX_ENTRY && PLAIN.test(entry);
  const remedy = isNamed ? ` To open it, add "${entry}" to allow.` : "";
  return new PolicyError("policy_violation", {
    param,
    detail: `${param || "The body"}: ${rule}${remedy}`,
    reason: rule,
  });
}
