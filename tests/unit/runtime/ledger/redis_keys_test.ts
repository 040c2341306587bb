import { describe, expect, test } from "bun:test";
import type { Operation } from "../../../../lib/gateway/ledger/store.ts";
import { tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { argumentsOf, prefixOf } from "../../../../lib/runtime/ledger/redis/batch.ts";
import { slotOf } from "../../../../lib/runtime/ledger/redis/key_slot.ts";
import { isNotExecuted } from "../../../../lib/runtime/ledger/redis/server_errors.ts";
import { readServerInfo } from "../../../../lib/runtime/ledger/redis/server_info.ts";

const NASTY = ["a}x", "{b}", "x:t:y", "ü %7D", "\ud800", "sw1:{a}:m", "\r\n"];

function keysOf(operations: readonly Operation[]): string[] {
  const planned = operations.map((operation) => ({ operation, scopes: [] }));
  const prefix = prefixOf(operations[0]!.app);
  const [count, ...rest] = argumentsOf(prefix, planned, {
    runId: "r",
    isDurable: false,
    overlapMs: 0,
  });
  return rest.slice(0, Number(count));
}

describe("the keys of a store", () => {
  test.each(NASTY)("of the app %j have one slot, which is its own", (app) => {
    const operations = NASTY.map((text): Operation => ({
      ...{ kind: "reserve", app, owner: text, id: text },
      demands: [{ scope: tokenScope(text, text), counter: "uses", limit: 1 }],
    }));
    const keys = keysOf(operations);
    const prefix = prefixOf(app);
    expect(prefix).toMatch(/^sw1:\{[^{}:]+\}:$/);
    expect(
      keys.filter((key) => !key.startsWith(prefix) || /[{}\s]/.test(key.slice(prefix.length))),
    ).toEqual([]);
    // The meta row, the leases, and for each name a scope, a past reservation and an owner.
    expect(new Set(keys).size).toBe(2 + 3 * NASTY.length);
  });

  test("of two apps differ", () => {
    expect(new Set(NASTY.map(prefixOf)).size).toBe(NASTY.length);
  });
});

test("a slot is that of the cluster's specification", () => {
  expect(slotOf("123456789")).toBe(0x31c3);
  expect(slotOf("foo")).toBe(12_182);
});

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'.", true],
  ["READONLY You can't write against a read only replica.", true],
  ["MOVED 866 127.0.0.1:7000", true],
  ["NOREPLICAS Not enough good replicas to write.", true],
  ["ERR user_script:1: attempt to index a nil value", false],
  [`OOM in the middle script: ${"a".repeat(40)}, on @user_script:1.`, false],
  ["timeout: no answer", false],
])("an error says whether anything was executed: %s", (message, expected) => {
  expect(isNotExecuted(message)).toBe(expected);
});

const INFO =
  "# Server\r\nredis_version:7.2.4\r\nrun_id:abc\r\nrole:master\r\nmaxmemory_policy:noeviction\r\ncluster_enabled:0\r\n";

test.each([
  [INFO, undefined],
  [INFO.replace("7.2.4", "6.2.14"), "version"],
  [INFO.replace("role:master", "role:slave"), "not_primary"],
  [INFO.replace("noeviction", "volatile-lru"), "maxmemory_policy"],
  [INFO.replace("enabled:0", "enabled:1"), "is_cluster"],
  ["", "version"],
])("a server that cannot have the ledger is found: %#", (text, fault) => {
  expect(readServerInfo(text, false).fault).toBe(fault as never);
});
