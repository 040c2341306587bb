import type { UpstreamRule } from "./rule.ts";

/**
 * Whether a rule passes on a header or a parameter of the caller that is usually kept here.
 *
 * @param rule of the target
 * @param name in lower case
 */
export function isPassed({ passHeaders = [] }: UpstreamRule, name: string): boolean {
  return passHeaders.some((entry) =>
    entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : name === entry,
  );
}
