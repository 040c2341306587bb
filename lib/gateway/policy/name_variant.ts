import { formatPointer, type JsonPath } from "../../signing/verify.ts";
import { PolicyError } from "../problem/policy_error.ts";
import { paramOf } from "./param.ts";

/**
 * Creates the error for a member whose name differs by its case alone from a name in a policy. Go's parser, and
 * others, take the one for the other.
 *
 * @param path of the member
 */
export function nameVariant(path: JsonPath): PolicyError {
  return new PolicyError("policy_violation", {
    param: paramOf(formatPointer(path)),
    detail: "A policy knows the name of this member in another case. Write it as the API does.",
    reason: "the case of a name",
  });
}
