import type { NamedPolicy } from "../../gateway/model/policy.ts";
import { describePermits } from "../../signing/explain/describe_permits.ts";
import { allOf } from "../../signing/explain/words.ts";

/**
 * Describes a policy in plain words, without the text of its system message and the values of its patch and
 * schema.
 *
 * @param policy of the configuration
 * @returns the lines, without newlines
 */
export function describePolicyTable({ name, ...permits }: NamedPolicy): string[] {
  const limits = describePermits(permits, { tellsLength: false });
  const title = `Policy ${JSON.stringify(name)}`;
  if (limits.length === 0) return ["", `${title} sets no limit.`];
  return [
    "",
    `${title}: a token, a signed URL or a route under it has these limits`,
    ...limits.map((sentence) => `  ${sentence}`),
  ];
}

/**
 * Names the policies that something is under.
 *
 * @param policies in the order in which they apply
 * @returns such as `under the policies a and b`; `undefined` when there is none
 */
export function underPolicies(policies: readonly NamedPolicy[] = []): string | undefined {
  if (policies.length === 0) return undefined;
  const names = allOf(policies.map(({ name }) => name));
  return `under the ${policies.length === 1 ? "policy" : "policies"} ${names}`;
}
