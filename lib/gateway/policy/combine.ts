import { isJsonObject, type JsonObject } from "../../signing/verify.ts";
import type { Policy, PolicyLayer } from "../model/policy.ts";
import type { Counts } from "../model/counts.ts";
import type { GuardRules } from "./guard/guard.ts";

/**
 * Combines the shorthands of all layers: lists intersect, numbers take the smallest, `refuse` wins, and of several
 * texts of the system message the last one counts, which is the operator's.
 *
 * @param layers in their order
 * @param counts what limits count; `undefined`: nothing
 * @returns `undefined` when no layer uses a shorthand and nothing is counted, so that the request is not guarded
 */
export function guardRules(
  layers: readonly PolicyLayer[],
  counts: Counts | undefined,
): GuardRules | undefined {
  const models: (readonly string[])[] = [];
  const tools: (readonly string[])[] = [];
  let allow: readonly string[] | undefined;
  let refusesExcess = false;
  let most = Infinity;
  let system: string | undefined;
  let session: JsonObject | undefined;
  for (const { policy } of layers) {
    if (policy.onExcess === "refuse") refusesExcess = true;
    if (!isGuarding(policy)) continue;
    if (policy.models) models.push(policy.models);
    if (policy.tools) tools.push(policy.tools);
    // A layer without the list opens nothing.
    allow = intersectionOf(allow, policy.allow ?? NOTHING);
    most = Math.min(most, policy.maxOutputTokens ?? Infinity);
    system = policy.system ?? system;
    session = mergedObjects(session, policy.session);
  }
  if (!allow && !counts) return undefined;
  const maxOutputTokens = most < Infinity ? most : undefined;
  const lists = { models, tools, allow: new Set(allow) };
  return { ...lists, refusesExcess, maxOutputTokens, system, session, counts };
}

/** Whether a policy uses a shorthand, so that a request under it has to be a known operation. */
export function isGuarding(policy: Policy): boolean {
  const { models, maxOutputTokens, allow, session, system, tools } = policy;
  return (
    Boolean(models ?? allow ?? session ?? tools) ||
    maxOutputTokens !== undefined ||
    system !== undefined
  );
}

/** Two objects as one. Where both have a member that is no object, the later one counts, which is the operator's. */
export function mergedObjects(
  first: JsonObject | undefined,
  later: JsonObject | undefined,
): JsonObject | undefined {
  if (!first || !later) return later ?? first;
  const merged = Object.assign(Object.create(null), first) as JsonObject;
  for (const name in later) {
    const [before, value] = [first[name], later[name]!];
    const areObjects = isJsonObject(before) && isJsonObject(value);
    merged[name] = areObjects ? mergedObjects(before, value)! : value;
  }
  return merged;
}

const NOTHING: readonly string[] = [];

function intersectionOf(
  list: readonly string[] | undefined,
  other: readonly string[],
): readonly string[] {
  return list ? list.filter((entry) => other.includes(entry)) : other;
}
