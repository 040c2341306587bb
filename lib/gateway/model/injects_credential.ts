import type { UpstreamRule } from "./rule.ts";

/**
 * Whether a rule adds something to requests that may be a credential, in place of the caller's.
 *
 * @param rule of the target
 */
export function injectsCredential({ headers, query = [], aws, oauth }: UpstreamRule): boolean {
  return headers.length + query.length > 0 || aws !== undefined || oauth !== undefined;
}
