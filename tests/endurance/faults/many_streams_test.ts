import { describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { childrenOf, memoryOf } from "../../support/processes.ts";
import { ROOT } from "../../support/root.ts";
import { type RawClient } from "../../support/raw_client.ts";
import { waitFor } from "../../support/wait_for.ts";

// The runtime's own limit of concurrent fetches is 256.
const STREAMS = process.env["SIGNWAY_LONG_TESTS"] ? 5000 : 1000;
const EVENTS = ["one", "two", "three"];

describe(`${STREAMS} event streams at once`, () => {
  test.each([1, 2])(
    "with %i workers, every stream gets every event",
    async (workers) => {
      await using feed = await startEventFeed();
      const args = ["--upstream", feed.url, "--workers", String(workers)];
      // From its source, the program sets the limit itself.
      const command = [process.execPath, `${ROOT}/server.ts`];
      await using gateway = await startGateway({ args, command });
      // Until then, the first worker gets all connections.
      const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
      await waitFor("all workers", () => listening().length === workers);
      const children = await childrenOf(gateway.pid);
      const pids = children.length > 0 ? children : [gateway.pid];
      const memory = async (): Promise<number> =>
        (await Promise.all(pids.map(memoryOf))).reduce((a, b) => a + b) / 1024;
      const before = await memory();

      const clients: RawClient[] = [];
      await inParallel(STREAMS, 50, async (number) => {
        clients.push(await openSigned(gateway, `${feed.url}/${number}`));
      });
      const all = (what: string): Promise<unknown> => {
        const waiting = new Set(clients);
        return waitFor(
          `${what} on every stream`,
          () => {
            for (const client of waiting)
              if (client.received().includes(what)) waiting.delete(client);
            return waiting.size === 0;
          },
          20_000,
        );
      };
      await all("hello");
      const each = ((await memory()) - before) / STREAMS;
      console.log(`an open event stream: ${each.toFixed(1)} kB`);
      expect(each).toBeLessThan(200);
      for (const event of EVENTS) {
        feed.publish(event);
        await all(event);
      }
      feed.finish();
      const whole = ["hello", ...EVENTS].map((event) => `data: ${event}\n\n`).join("");
      for (const client of clients) {
        const { body } = await client.response();
        expect(body.toString().replaceAll(":\n", "")).toBe(whole);
        client.socket.destroy();
      }
      await waitFor("the records", () => gateway.records().length === STREAMS);
      expect(new Set(gateway.records().map(({ outcome }) => outcome))).toEqual(
        new Set(["complete"]),
      );
      if (workers === 1) return;
      const shares = Map.groupBy(gateway.records(), (record) => record["worker"]);
      expect([...shares.keys()].toSorted()).toEqual([1, 2]);
      for (const share of shares.values()) expect(share.length).toBeGreaterThan(STREAMS / 10);
    },
    60_000,
  );
});
