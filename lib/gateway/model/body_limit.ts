import type { Admission } from "./grant.ts";

/**
 * The largest body of a request: the smaller one of the limits of its grant and of the rule of its target.
 *
 * @param admission of the request
 * @returns a number of bytes; `Infinity` when neither has a limit
 */
export function bodyLimit({ grant, target }: Admission): number {
  return Math.min(grant.permits.maxBody ?? Infinity, target.rule.maxBody ?? Infinity);
}
