import type { Scope } from "../../../gateway/ledger/forms/scope.ts";
import type {
  Collected,
  Drawn,
  Operation,
  Refused,
  Results,
  ResultOf,
} from "../../../gateway/ledger/store.ts";

/** Keys that operations did not declare. A list that is empty may be an empty object. */
export interface Needs {
  scopes: Readonly<Record<number, Scope>>;
  ids: Readonly<Record<number, string>>;
}

/** The reply of the script: a result for each operation, or that nothing was executed because keys are missing. */
export type ScriptReply = ResultOf<Operation>[] | { needs: Needs };

/**
 * Returns the result of an operation as the port has it: names that were encoded for keys are decoded.
 *
 * @param kind of the operation
 * @param reply of the script
 */
export function resultOf(kind: Operation["kind"], reply: ResultOf<Operation>): ResultOf<Operation> {
  if (kind === "beat") return { expired: decoded((reply as Results["beat"]).expired) };
  if (kind === "draw") {
    const drawn = reply as Drawn & { left: number | null };
    return drawn.left === null ? { ...drawn, left: Infinity } : drawn;
  }
  if (kind === "collect") {
    const { receipts, ...rest } = reply as Collected;
    return {
      ...rest,
      receipts: receipts.map((one) => ({ ...one, id: decodeURIComponent(one.id) })),
    };
  }
  const { expired } = reply as Refused;
  return expired ? { ...(reply as Refused), expired: decoded(expired) } : reply;
}

function decoded(names: readonly string[]): string[] {
  return names.map(decodeURIComponent);
}

/**
 * Returns the fields of a reply that is a map: older servers send it as a list.
 *
 * @param reply as it came
 * @returns `undefined` when it is neither
 */
export function fieldsOf(reply: unknown): Record<string, unknown> | undefined {
  if (typeof reply !== "object" || reply === null) return undefined;
  return Array.isArray(reply) ? fromPairs(reply) : (reply as Record<string, unknown>);
}

function fromPairs(flat: readonly unknown[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (let index = 0; index + 1 < flat.length; index += 2) {
    fields[String(flat[index])] = flat[index + 1];
  }
  return fields;
}
