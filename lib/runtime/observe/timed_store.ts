import type { LedgerStore, Operation, ResultOf } from "../../gateway/ledger/store.ts";

/**
 * Is told how long an operation of a store took.
 *
 * @param kind of the operation
 * @param seconds until its result
 * @param hasFailed whether it had no result
 */
export type OnOperation = (kind: Operation["kind"], seconds: number, hasFailed: boolean) => void;

/**
 * Measures the operations of a store.
 *
 * @param store executes them
 * @param onOperation is told of each
 */
export function timedStore(store: LedgerStore, onOperation: OnOperation): LedgerStore {
  async function measure<Result>(
    kind: Operation["kind"],
    start: number,
    pending: Promise<Result>,
  ): Promise<Result> {
    let hasFailed = true;
    try {
      const result = await pending;
      hasFailed = false;
      return result;
    } finally {
      onOperation(kind, (performance.now() - start) / 1000, hasFailed);
    }
  }

  return {
    run<Of extends Operation>(operation: Of): ResultOf<Of> | Promise<ResultOf<Of>> {
      const { kind } = operation;
      const start = performance.now();
      const result = store.run(operation);
      if (result instanceof Promise) return measure(kind, start, result);
      onOperation(kind, (performance.now() - start) / 1000, false);
      return result;
    },
  };
}
