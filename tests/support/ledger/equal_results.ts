import { deepStrictEqual } from "node:assert/strict";

/** A result with the owners whose leases have ended in order, which the port leaves open. */
export function inOrder(result: unknown): unknown {
  const { expired } = result as { expired?: string[] };
  return expired ? { ...(result as object), expired: expired.toSorted() } : result;
}

/** Compares strictly. The message is slow to make, so it is made for what differs alone. */
export function assertEqual(actual: unknown, expected: unknown): void {
  if (!Bun.deepEquals(actual, expected, true)) deepStrictEqual(actual, expected);
}
