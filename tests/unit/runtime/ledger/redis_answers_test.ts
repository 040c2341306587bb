import { describe, expect, test } from "bun:test";
import { RedisStore } from "../../../../lib/runtime/ledger/redis/redis_store.ts";
import { OpenedStore, useOf } from "../../../support/ledger/redis/opened_store.ts";
import { waitUntil } from "../../../support/wait_until.ts";

const INFO =
  "redis_version:7.0.0\r\nrun_id:a\r\nrole:master\r\nmaxmemory_policy:noeviction\r\ncluster_enabled:1\r\n";
const COMMAND = /\*\d+\r\n\$\d+\r\n([A-Z]+)(?=\r\n)/g;

/** Starts a node of a cluster. No server that can be had answers as wrongly. */
function startNode(slots: string) {
  const answers: Readonly<Record<string, string>> = {
    HELLO: "%1\r\n+proto\r\n:3\r\n",
    INFO: `$${INFO.length}\r\n${INFO}\r\n`,
    CLUSTER: slots,
  };
  return Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket, data) {
        for (const [, name] of data.toString("latin1").matchAll(COMMAND)) {
          socket.write(answers[name!] ?? "+OK\r\n");
        }
      },
    },
  });
}

describe("a node of a cluster is not used, and stops nothing, when it lists as slots", () => {
  test.each([
    "+OK\r\n",
    "*0\r\n",
    "*1\r\n:5\r\n",
    "*1\r\n_\r\n",
    "*1\r\n*1\r\n:5\r\n",
    "*1\r\n*3\r\n:0\r\n:16383\r\n*0\r\n",
    "*1\r\n*3\r\n:0\r\n%1\r\n+a\r\n:1\r\n*2\r\n%0\r\n%0\r\n",
    "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n:7\r\n:6379\r\n",
    "*1\r\n*3\r\n+a\r\n+b\r\n*2\r\n+127.0.0.1\r\n:6379\r\n",
    "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n+a b@\r\n:99999\r\n",
  ])("%j", async (slots) => {
    using node = startNode(slots);
    using store = await OpenedStore.open(`redis+cluster://127.0.0.1:${node.port}`);
    expect(store.failures).toEqual(["unreachable"]);
    await expect(store.reserve("1", [useOf("a")])).rejects.toThrow("not connected");
  });
});

test("10,000 apps are entered, and at most 100 of them at a time", async () => {
  const entered = new Set<string>();
  let [waiting, most] = [0, 0];
  const link = {
    runId: "a",
    async send(_: string, [, , key = ""]: string[]) {
      most = Math.max(most, ++waiting);
      entered.add(key);
      await Promise.resolve();
      waiting--;
      return "[]";
    },
  };
  const store = new RedisStore({ nodes: { linkFor: () => link, failed() {}, close() {} } });
  store.enter(Array.from({ length: 10_000 }, (_, index) => `app ${index}`));
  await waitUntil("all apps", async () => entered.size === 10_000);
  expect(most).toBe(100);
});
