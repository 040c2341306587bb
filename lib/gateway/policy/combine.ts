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
  for (const { policy } of layers) {
    if (policy.onExcess === "refuse") refusesExcess = true;
    if (!isGuarding(policy)) continue;
    if (policy.models) models.push(policy.models);
    if (policy.tools) tools.push(policy.tools);
    // A layer without the list opens nothing.
    allow = intersectionOf(allow, policy.allow ?? NOTHING);
    most = Math.min(most, policy.maxOutputTokens ?? Infinity);
    system = policy.system ?? system;
  }
  if (!allow && !counts) return undefined;
  const maxOutputTokens = most < Infinity ? most : undefined;
  const lists = { models, tools, allow: new Set(allow) };
  return { ...lists, refusesExcess, maxOutputTokens, system, counts };
}

/** Whether a policy uses a shorthand, so that a request under it has to be a known operation. */
export function isGuarding({ models, maxOutputTokens, allow, system, tools }: Policy): boolean {
  return Boolean(models ?? allow ?? tools) || maxOutputTokens !== undefined || system !== undefined;
}

const NOTHING: readonly string[] = [];

function intersectionOf(
  list: readonly string[] | undefined,
  other: readonly string[],
): readonly string[] {
  return list ? list.filter((entry) => other.includes(entry)) : other;
}
