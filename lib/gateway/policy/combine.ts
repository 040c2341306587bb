import type { Policy, PolicyLayer } from "../model/policy.ts";
import { type Counts, isCounted, NO_COUNTS } from "./counts.ts";
import type { GuardRules } from "./guard/guard.ts";

/**
 * Combines the shorthands of all layers: lists intersect, numbers take the smallest, `refuse` wins, and of several
 * texts of the system message the last one counts, which is the operator's.
 *
 * @param layers in their order
 * @param counts what limits count. Default: nothing
 * @returns `undefined` when no layer uses a shorthand and nothing is counted, so that the request is not guarded
 */
export function guardRules(
  layers: readonly PolicyLayer[],
  counts: Counts = NO_COUNTS,
): GuardRules | undefined {
  const policies = layers.map(({ policy }) => policy);
  const guarding = policies.filter(isGuarding);
  if (guarding.length === 0 && !isCounted(counts)) return undefined;
  const most = Math.min(...guarding.map(({ maxOutputTokens = Infinity }) => maxOutputTokens));
  const system = guarding.findLast((policy) => policy.system !== undefined)?.system;
  return {
    models: listsOf(guarding, "models"),
    tools: listsOf(guarding, "tools"),
    // A layer without the list opens nothing.
    allow: intersectionOf(guarding.map(({ allow = [] }) => allow)),
    ...(isCounted(counts) && { counts }),
    refusesExcess: policies.some(({ onExcess }) => onExcess === "refuse"),
    ...(most < Infinity && { maxOutputTokens: most }),
    ...(system !== undefined && { system }),
  };
}

/** Whether a policy uses a shorthand, so that a request under it has to be a known operation. */
export function isGuarding({ models, maxOutputTokens, allow, system, tools }: Policy): boolean {
  return [models, maxOutputTokens, allow, system, tools].some((value) => value !== undefined);
}

function listsOf(policies: readonly Policy[], key: "models" | "tools"): (readonly string[])[] {
  return policies.flatMap(({ [key]: list }) => (list ? [list] : []));
}

function intersectionOf(lists: readonly (readonly string[])[]): ReadonlySet<string> {
  const [first = [], ...others] = lists;
  return new Set(first.filter((entry) => others.every((list) => list.includes(entry))));
}
