import { isJsonObject, parsePointer, type PatchOperation } from "../../signing/verify.ts";
import type { BodyPolicy } from "../model/policy.ts";
import {
  decodeLeniently,
  isNamed,
  spellingsOfAny,
  splitParameter,
} from "../model/parameter_names.ts";
import { isPlain, violation } from "./guard/refuse.ts";

/**
 * Checks that no parameter of the query has the name of a member of the body that a policy has rules for. Some APIs read a
 * parameter from either, so that the query would say what the body must not.
 *
 * @param query without its `?`
 * @param patch of the policy
 * @param topNames the members that its schema names
 * @throws PolicyError `policy_violation`
 */
export function assertNotInQuery(
  query: string,
  { patch = [] }: BodyPolicy,
  topNames: Iterable<string>,
): void {
  const patched = patch.flatMap(namesPatched);
  const names = spellingsOfAny([...topNames, ...patched]);
  // Some servers split a query at semicolons, too.
  for (const parameter of query.split(/[&;]/)) {
    if (!isNamed(parameter, names)) continue;
    const name = decodeLeniently(splitParameter(parameter)[0]);
    const rule = "a policy has rules for the member of the body with this name.";
    throw violation(`?${isPlain(name) ? name : ""}`, rule);
  }
}

/** The members of the body that an operation names. One on the whole body names those of its value. */
function namesPatched(operation: PatchOperation): string[] {
  const [name] = parsePointer(operation.path);
  if (name !== undefined) return [name];
  return "value" in operation && isJsonObject(operation.value) ? Object.keys(operation.value) : [];
}
