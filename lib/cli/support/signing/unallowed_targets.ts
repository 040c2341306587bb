import { matchesRule } from "../../../gateway/admission/match_rule.ts";
import type { UpstreamRule } from "../../../gateway/model/rule.ts";
import type { GrantedTarget } from "../../../signing/verify.ts";
import { formatTarget } from "./format_target.ts";

/**
 * Finds the targets of a token that no rule of its app allows.
 *
 * @param to the targets that the token names. Absent: all that the rules allow
 * @param rules the rules of the app
 * @returns each as it is written in `to`
 */
export function unallowedTargets(
  to: readonly GrantedTarget[] = [],
  rules: readonly UpstreamRule[],
): string[] {
  return to.filter((target) => !rules.some((rule) => overlaps(target, rule))).map(formatTarget);
}

/** Whether a rule allows a request to a target, or to one below a prefix. */
export function overlaps({ methods, origin, path }: GrantedTarget, rule: UpstreamRule): boolean {
  if (methods && rule.methods && !methods.some((name) => rule.methods!.includes(name)))
    return false;
  if (!rule.url) return true;
  const url = new URL(origin + path);
  // A prefix in `to` may begin above the URL of the rule.
  const isAbove = path.endsWith("/") && rule.url.href.startsWith(url.href);
  return isAbove || matchesRule(rule.url, url);
}
