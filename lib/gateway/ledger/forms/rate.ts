import type { Rate } from "../../../signing/verify.ts";

export { intervalOf, parseRate, type Rate, type RatePeriod } from "../../../signing/verify.ts";

/** Returns the name of the counter of a rate. Each rate has a counter of its own. */
export function rateName({ count, period, burst }: Rate): string {
  return `rate ${count}/${period} burst ${burst}`;
}
