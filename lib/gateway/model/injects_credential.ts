import type { UpstreamRule } from "./rule.ts";

/**
 * Whether a rule adds something to requests that may be a credential, in place of the caller's.
 *
 * @param rule of the target
 */
export function injectsCredential({ headers, query = [], aws }: UpstreamRule): boolean {
  return headers.length > 0 || query.length > 0 || aws !== undefined;
}
