import { limitUsage } from "./counter_limits.ts";
import type { Counts } from "./counts.ts";
import type { Admission } from "./grant.ts";

/**
 * Finds out whether limits on LLM tokens or their cost apply to a request. Such a request has to be a known operation of
 * an API of models, of which the largest bill can be told beforehand.
 *
 * @param admission of the request
 * @returns `undefined` when there is no such limit
 */
export function countsOf({
  grant: { permits, principal },
  target: { rule },
}: Admission): Counts | undefined {
  const { limits, subjectLimits } = principal;
  const isCounted =
    limitUsage(permits.limits) ||
    limitUsage(limits) ||
    limitUsage(subjectLimits) ||
    limitUsage(rule.limits);
  if (!isCounted) return undefined;
  const all = [permits.limits, limits, subjectLimits, rule.limits];
  return {
    tokens: all.some((each) => each?.tokens !== undefined),
    cost: all.some((each) => each?.cost !== undefined),
  };
}
