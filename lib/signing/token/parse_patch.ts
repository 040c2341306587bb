import { isJsonObject, type JsonObject, type JsonValue } from "../primitives/json_value.ts";
import type { PatchOperation } from "./policy.ts";
import { malformed, type TokenError } from "./token_error.ts";

/** The most operations of a patch. */
export const MAX_PATCH_OPERATIONS = 64;

// RFC 6901, section 3.
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/**
 * Parses a JSON Patch (RFC 6902) of `add`, `replace`, `remove` and `test`. As the standard has it, members
 * that an operation does not define are ignored.
 *
 * @param value as it was parsed
 * @throws TokenError `token_malformed`
 */
export function parsePatch(value: JsonValue): PatchOperation[] {
  if (!Array.isArray(value)) throw wrong("is not a list");
  if (value.length === 0) throw wrong("is empty");
  if (value.length > MAX_PATCH_OPERATIONS) {
    throw wrong(`has more than ${MAX_PATCH_OPERATIONS} operations`);
  }
  return value.map((operation, index) => {
    if (!isJsonObject(operation)) throw wrong(`has no object at ${index}`);
    return parseOperation(operation, index);
  });
}

function parseOperation(operation: JsonObject, index: number): PatchOperation {
  const { op, path, value } = operation;
  if (typeof path !== "string" || !POINTER.test(path)) {
    throw wrong(`has a path at ${index} that is no JSON Pointer`);
  }
  if (path.split("/").includes("__proto__")) throw wrong(`has __proto__ in the path at ${index}`);
  if (op === "remove") return { op, path };
  if (op !== "add" && op !== "replace" && op !== "test") {
    throw wrong(`has an op at ${index} that is not add, replace, remove or test`);
  }
  if (value === undefined) throw wrong(`has no value at ${index}`);
  return { op, path, value };
}

function wrong(reason: string): TokenError {
  return malformed("sw.body.patch", reason);
}
