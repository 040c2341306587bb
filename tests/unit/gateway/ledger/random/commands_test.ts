import { describe, expect, test } from "bun:test";
import type { LedgerStore } from "../../../../../lib/gateway/ledger/store.ts";
import { compareWithModel } from "../../../../support/ledger/compare_with_model.ts";
import { memorySubject } from "../../../../support/ledger/memory_subject.ts";
import type { SubjectKind } from "../../../../support/ledger/subject.ts";

test("the memory store does what the model does, for random commands", async () => {
  expect(await compareWithModel(memorySubject, { count: 600 })).toBe(600);
}, 120_000);

type Run = (operation: any) => any;

/** A memory store with a mistake. */
function spoiled(spoil: (run: Run) => Run): SubjectKind {
  return {
    ...memorySubject,
    start(clock) {
      const subject = memorySubject.start(clock);
      const store = { run: spoil((operation) => subject.store.run(operation)) };
      return {
        store: store as LedgerStore,
        restart: (how) => subject.restart(how),
        close: () => subject.close(),
      };
    },
  };
}

const onlyOf = (kind: string, change: (operation: any, run: Run) => any) =>
  spoiled(
    (run) => (operation) => (operation.kind === kind ? change(operation, run) : run(operation)),
  );

describe("the comparison finds a store that", () => {
  test.each<[string, SubjectKind]>([
    [
      "grants one token too many",
      onlyOf("reserve", (operation, run) => {
        const result = run(operation);
        return "granted" in result ? { ...result, granted: result.granted + 1 } : result;
      }),
    ],
    [
      "reserves demands although one of them is refused",
      onlyOf("reserve", (operation, run) => {
        const result = run(operation);
        if (result.code !== "too_many_concurrent") return result;
        const demands = operation.demands.filter((one: any) => one.counter !== "concurrent");
        run({ ...operation, demands });
        return result;
      }),
    ],
    [
      "charges the reservation whatever was reported",
      onlyOf("settle", (operation, run) => run({ ...operation, report: {} })),
    ],
    [
      "resets a budget when it settles",
      onlyOf("settle", (operation, run) => {
        const result = run(operation);
        run({ ...operation, kind: "reset", scopes: ["a"] });
        return result;
      }),
    ],
    ["forgets a release", onlyOf("release", () => ({ was: "open" }))],
    [
      "ignores a birth",
      onlyOf("reserve", (operation, run) => {
        const { credential } = operation;
        return run(
          credential
            ? { ...operation, credential: { ...credential, issuedAt: Date.UTC(2027, 1, 1) } }
            : operation,
        );
      }),
    ],
    ["renews no lease", onlyOf("beat", () => ({ expired: [] }))],
    [
      "sweeps a process that lives",
      onlyOf("sweep", (operation, run) => run({ ...operation, isDead: true })),
    ],
  ])(
    "%s",
    async (_, kind) => {
      const found = compareWithModel(kind, { count: 2_000, seed: 1 });
      await expect(found).rejects.toThrow("Counterexample");
    },
    60_000,
  );
});
