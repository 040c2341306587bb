import type { PolicyError } from "../../problem/policy_error.ts";
import { PAGE, QUERY } from "../../providers/operations.ts";
import type { Operation } from "../../providers/operation.ts";
import { isPlain, violation } from "./refuse.ts";

/**
 * Checks the query: only known parameters, each once, with a known value. They are compared as they are sent.
 *
 * @param search with its `?`, or empty
 * @param operation whose own parameters are known too
 * @param allow the entries of `allow`
 * @throws PolicyError `policy_violation`
 */
export function checkQuery(
  search: string,
  { query = [] }: Pick<Operation, "query">,
  allow: ReadonlySet<string>,
): void {
  if (search.length < 2) return;
  const seen = new Set<string>();
  for (const parameter of search.slice(1).split("&")) {
    const end = parameter.indexOf("=");
    const name = end < 0 ? parameter : parameter.slice(0, end);
    const value = end < 0 ? "" : parameter.slice(end + 1);
    if (seen.has(name)) throw refusal(name, "a query parameter occurs twice.");
    seen.add(name);
    checkParameter(name, value, { query, allow });
  }
}

function checkParameter(
  name: string,
  value: string,
  { query, allow }: { query: readonly string[]; allow: ReadonlySet<string> },
): void {
  const known = Object.hasOwn(QUERY, name) ? QUERY[name] : undefined;
  const values = known?.values ?? (query.includes(name) ? PAGE : undefined);
  if (!values) throw refusal(name, "the query parameter is not known to be harmless.");
  if (!values.test(value)) throw refusal(name, "the value of the query parameter is not known.");
  const entry = known?.needs;
  if (entry !== undefined && !allow.has(entry)) {
    throw refusal(name, "the policy does not grant the query parameter.", entry);
  }
}

function refusal(name: string, rule: string, entry?: string): PolicyError {
  return violation(`?${isPlain(name) ? name : ""}`, rule, entry);
}
