import {
  foldCase,
  formatPointer,
  isFolded,
  isJsonObject,
  type JsonObject,
  type JsonPath,
  type JsonValue,
  parsePointer,
} from "../../signing/verify.ts";
import type { PatchOperation } from "../model/policy.ts";
import { PolicyError } from "../problem/policy_error.ts";
import type { Budget } from "./budget.ts";
import { isJsonEqual } from "./json_equal.ts";
import { nameVariant } from "./name_variant.ts";

/**
 * Applies a JSON Patch (RFC 6902), except that `remove` of a value that does not exist does nothing.
 *
 * @param document edited in place
 * @param patch its values are copied
 * @param budget the work that is left
 * @returns the document, or the value that replaces it as a whole
 * @throws PolicyError `policy_violation` when an operation fails, and for a member on the way whose name differs
 *   from that in the path by its case alone
 */
export function applyPatch(
  document: JsonValue,
  patch: readonly PatchOperation[],
  budget: Budget,
): JsonValue {
  return patch.reduce((root, operation) => applyOperation(root, operation, budget), document);
}

function applyOperation(root: JsonValue, operation: PatchOperation, budget: Budget): JsonValue {
  const { op, path } = operation;
  const steps = parsePointer(path);
  const key = steps.pop();
  const parent = find(root, steps, budget);
  if (op === "test") {
    const found = key === undefined ? root : childOf(parent, key, { steps, budget });
    assertEqual(found, operation, budget);
    return root;
  }
  if (key === undefined) {
    if (op === "remove") throw failed(operation);
    return copy(operation.value);
  }
  if (op === "remove") remove(parent, key, { steps, budget });
  else if (!write(parent, key, operation, { steps, budget })) throw failed(operation);
  return root;
}

/** Where a value is looked for. */
interface Search {
  /** The names and indices that lead to the value's parent. */
  steps: JsonPath;
  budget: Budget;
}

function find(root: JsonValue, steps: readonly string[], budget: Budget): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const [i, step] of steps.entries()) {
    value = childOf(value, step, { steps: steps.slice(0, i), budget });
  }
  return value;
}

function childOf(
  parent: JsonValue | undefined,
  key: string,
  search: Search,
): JsonValue | undefined {
  if (Array.isArray(parent)) return parent[indexOf(key) ?? -1];
  if (!isJsonObject(parent)) return undefined;
  if (Object.hasOwn(parent, key)) return parent[key];
  assertNoVariant(parent, key, search);
  return undefined;
}

function assertNoVariant(parent: JsonObject, key: string, { steps, budget }: Search): void {
  const names = Object.keys(parent);
  budget.spend(names.length / 64);
  const folded = foldCase(key);
  const variant = names.find((name) => (isFolded(name) ? name : foldCase(name)) === folded);
  if (variant !== undefined) throw nameVariant([...steps, variant]);
}

/** Adds or replaces a value. Returns whether it was possible. */
function write(
  parent: JsonValue | undefined,
  key: string,
  { op, value }: Extract<PatchOperation, { value: JsonValue }>,
  search: Search,
): boolean {
  if (Array.isArray(parent)) {
    const index = key === "-" ? parent.length : indexOf(key);
    const last = op === "add" ? parent.length : parent.length - 1;
    if (index === undefined || index > last) return false;
    parent.splice(index, op === "add" ? 0 : 1, copy(value));
    return true;
  }
  if (!isJsonObject(parent)) return false;
  const isThere = childOf(parent, key, search) !== undefined;
  if (op === "replace" && !isThere) return false;
  parent[key] = copy(value);
  return true;
}

function remove(parent: JsonValue | undefined, key: string, search: Search): void {
  if (childOf(parent, key, search) === undefined) return;
  if (Array.isArray(parent)) parent.splice(indexOf(key)!, 1);
  else delete (parent as JsonObject)[key];
}

/** RFC 6901, section 4: digits without leading zeros. */
function indexOf(key: string): number | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : undefined;
}

function assertEqual(
  found: JsonValue | undefined,
  operation: Extract<PatchOperation, { value: JsonValue }>,
  budget: Budget,
): void {
  const onNode = () => budget.spend(1 / 64);
  if (found === undefined || !isJsonEqual(found, operation.value, onNode)) throw failed(operation);
}

function failed({ op, path }: PatchOperation): PolicyError {
  const detail =
    op === "test"
      ? "The body does not have the value that a policy tests here (test)."
      : `A policy edits this part of the body, which is not there (${op}).`;
  const param = formatPointer(parsePointer(path));
  return new PolicyError("policy_violation", { param, detail, reason: `patch: ${op}` });
}

/** A later operation may edit the value, and the patch must stay as it is. */
function copy(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(copy);
  if (!isJsonObject(value)) return value;
  const object: JsonObject = Object.create(null);
  for (const [name, member] of Object.entries(value)) object[name] = copy(member);
  return object;
}
