import {
  formatPointer,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parsePointer,
} from "../../signing/verify.ts";
import type { PatchOperation } from "../model/policy.ts";
import { PolicyError } from "../problem/policy_error.ts";
import type { Budget } from "./budget.ts";
import { isJsonEqual } from "./json_equal.ts";
import { KnownNames } from "./known_names.ts";

/**
 * Applies a JSON Patch (RFC 6902), except that `remove` of a value that does not exist does nothing.
 *
 * @param document stays as it is: the lists and objects around each edit are copied
 * @param patch stays as it is
 * @param budget the work that is left
 * @returns the edited document
 * @throws PolicyError `policy_violation` when an operation fails, and for a member on the way whose name differs
 *   from that in the path by its case alone
 */
export function applyPatch(
  document: JsonValue,
  patch: readonly PatchOperation[],
  budget: Budget,
): JsonValue {
  const editing = { budget, own: new Set<JsonValue>(), path: [] };
  return patch.reduce((root, operation) => applyOperation(root, operation, editing), document);
}

/** The working set of a patch. */
interface Editing {
  budget: Budget;
  /** The lists and objects that are copies, so that they need no further copy. */
  own: Set<JsonValue>;
  /** The names and indices that lead to the current value. */
  path: readonly string[];
}

function applyOperation(root: JsonValue, operation: PatchOperation, editing: Editing): JsonValue {
  const steps = parsePointer(operation.path);
  if (operation.op === "test") {
    assertEqual(find(root, steps, editing), operation, editing.budget);
    return root;
  }
  if (steps.length > 0) return editAt(root, steps, operation, editing);
  if (operation.op === "remove") throw failed(operation);
  return copyAll(operation.value);
}

function find(root: JsonValue, steps: readonly string[], editing: Editing): JsonValue | undefined {
  return steps.reduce<JsonValue | undefined>(
    (value, step, i) => childOf(value, step, { ...editing, path: steps.slice(0, i) }),
    root,
  );
}

/** Edits the value to which steps lead from another one. Returns that one, or its edited copy. */
function editAt(
  value: JsonValue,
  [step = "", ...rest]: readonly string[],
  operation: PatchOperation,
  editing: Editing,
): JsonValue {
  if (rest.length === 0) return editChild(value, step, operation, editing);
  const child = childOf(value, step, editing);
  if (child === undefined) {
    if (operation.op === "remove") return value;
    throw failed(operation);
  }
  const edited = editAt(child, rest, operation, { ...editing, path: [...editing.path, step] });
  return edited === child ? value : withChild(value as Container, step, edited, editing);
}

type Container = JsonValue[] | JsonObject;

function editChild(
  parent: JsonValue,
  key: string,
  operation: PatchOperation,
  editing: Editing,
): JsonValue {
  const child = childOf(parent, key, editing);
  if (operation.op === "remove") {
    return child === undefined ? parent : withoutChild(parent as Container, key, editing);
  }
  const value = copyAll(operation.value);
  if (!Array.isArray(parent)) {
    const isPossible = isJsonObject(parent) && (operation.op === "add" || child !== undefined);
    if (!isPossible) throw failed(operation);
    return withChild(parent, key, value, editing);
  }
  if (operation.op === "replace") {
    if (child === undefined) throw failed(operation);
    return withChild(parent, key, value, editing);
  }
  const index = key === "-" ? parent.length : indexOf(key);
  if (index === undefined || index > parent.length) throw failed(operation);
  const copy = ownCopy(parent, editing);
  copy.splice(index, 0, value);
  return copy;
}

function withChild(parent: Container, key: string, value: JsonValue, editing: Editing): Container {
  const copy = ownCopy(parent, editing);
  (copy as JsonObject)[key] = value;
  return copy;
}

function withoutChild(parent: Container, key: string, editing: Editing): Container {
  const copy = ownCopy(parent, editing);
  if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

function ownCopy<Value extends Container>(value: Value, { own, budget }: Editing): Value {
  if (own.has(value)) return value;
  budget.spend((Array.isArray(value) ? value.length : Object.keys(value).length) / 16);
  const copy = Array.isArray(value) ? [...value] : Object.assign(Object.create(null), value);
  own.add(copy);
  return copy as Value;
}

function childOf(
  parent: JsonValue | undefined,
  key: string,
  editing: Editing,
): JsonValue | undefined {
  if (Array.isArray(parent)) return parent[indexOf(key) ?? -1];
  if (!isJsonObject(parent)) return undefined;
  if (Object.hasOwn(parent, key)) return parent[key];
  new KnownNames([key]).assertNoVariant(parent, editing.path, editing.budget);
  return undefined;
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

/** A copy of a value of the patch. A later operation may edit it. */
function copyAll(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(copyAll);
  if (!isJsonObject(value)) return value;
  const object: JsonObject = Object.create(null);
  for (const [name, member] of Object.entries(value)) object[name] = copyAll(member);
  return object;
}
