import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { startCluster } from "../../support/ledger/redis/cluster.ts";
import { startSentinels } from "../../support/ledger/redis/sentinels.ts";
import { storePrograms } from "../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../support/ledger/redis/store_server.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { type AdminGateway, startAdmin, tokenOf } from "./revoking_stage.ts";

const [program] = await storePrograms();
const NOTED_MS = 15_000;
const USED = { prompt_tokens: 1_000, completion_tokens: 10 };

/** An API whose every response reports the same usage. */
const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: () =>
    Response.json({
      id: "c",
      object: "chat.completion",
      model: "gpt-5-mini",
      choices: [],
      usage: { ...USED, total_tokens: 1_010 },
    }),
});
const { host } = upstream.url;
afterAll(() => upstream.stop(true));

const HOUR_MS = 3_600_000;
// A test takes up to 16 s.
const ROOM_MS = 30_000;

// The numbers of an hour begin anew with the next one.
beforeEach(async () => {
  const left = HOUR_MS - (Date.now() % HOUR_MS);
  if (left < ROOM_MS) await Bun.sleep(left);
}, 2 * ROOM_MS);

async function complete(gateway: AdminGateway, count: number): Promise<void> {
  const Authorization = `Bearer ${await tokenOf({ subject: "eve" })}`;
  for (let i = 0; i < count; i++) {
    const init = { method: "POST", headers: { Authorization }, body: "{}" };
    const response = await fetch(`${gateway.url}/${host}/v1/chat/completions`, init);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  }
}

/** What a gateway says was used: by the app, of the model, today, and by the end user. */
async function seenBy(gateway: AdminGateway) {
  const paths = ["apps?period=hour", "apps", "models", "subjects"];
  const tables = await Promise.all(paths.map((path) => gateway.api(`/api/${path}`)));
  const { body: overview } = await gateway.api("/api/overview");
  const rows = [...tables.map(({ body }) => body.rows[0]), overview.days[0]];
  const extents = [...tables.map(({ body }) => body.gateways), overview.gateways];
  return { requests: rows.map((row) => row?.requests ?? 0), extents, rows };
}

const EVERYWHERE = ["all", "all", "all", "this", "all"];
const HERE = ["unavailable", "unavailable", "unavailable", "this", "unavailable"];

/** Waits until a gateway says so. */
const sees = (gateway: AdminGateway, all: number, own: number) =>
  waitUntil(
    `${all} requests`,
    async () => {
      const { requests, extents } = await seenBy(gateway);
      return (
        requests.join() === [all, all, all, own, all].join() && extents.join() === EVERYWHERE.join()
      );
    },
    NOTED_MS,
  );

const KINDS: readonly [string, () => Promise<AsyncDisposable & { url: string }>][] = program
  ? [
      ["Redis", () => StoreServer.start({ program })],
      ["Sentinels", () => startSentinels(program)],
      ["a Cluster", () => startCluster(program)],
    ]
  : [];

describe.each(KINDS)("usage of three gateways on %s", (_, open) => {
  let store: AsyncDisposable & { url: string };
  let gateways: AdminGateway[];
  const start = (more = {}) => startAdmin(upstream.url.origin, { ledger: store.url, ...more });
  beforeAll(async () => {
    store = await open();
    gateways = await Promise.all([start(), start(), start({ workers: 2 })]);
  }, 60_000);
  afterAll(async () => {
    for (const gateway of gateways) await gateway.stop();
    await store[Symbol.asyncDispose]();
  }, 60_000);

  test("is that of all of them at each, and survives the end of one", async () => {
    const [first, second, third] = gateways as [AdminGateway, AdminGateway, AdminGateway];
    for (const [i, gateway] of gateways.entries()) await complete(gateway, 3 * (i + 1));
    await Promise.all(gateways.map((gateway, i) => sees(gateway, 18, 3 * (i + 1))));
    const { rows } = await seenBy(third);
    for (const row of rows.filter((_, i) => i !== 3)) {
      expect(row).toMatchObject({
        input_tokens: 18 * USED.prompt_tokens,
        output_tokens: 18 * USED.completion_tokens,
        errors: 0,
      });
      // gpt-5-mini: $ 0.25 and $ 2 for a million tokens.
      expect(row.cost_usd).toBeCloseTo(18 * (1_000 * 0.25e-6 + 10 * 2e-6), 9);
    }
    expect((await third.api("/api/overview")).body.total.requests).toBe(9);
    // The last seconds are noted at the end.
    await complete(second, 4);
    expect(await second.stop()).toBe(0);
    gateways[1] = await start();
    await sees(gateways[1], 22, 0);
    await sees(first, 22, 3);
  }, 60_000);
});

test.if(program !== undefined)(
  "usage without the store is that of this gateway and says so, and a store that is empty gets it back",
  async () => {
    await using store = await StoreServer.start({ program: program! });
    const start = () => startAdmin(upstream.url.origin, { ledger: store.url });
    await using first = await start();
    await using second = await start();
    await complete(first, 2);
    await complete(second, 3);
    await sees(first, 5, 2);
    await store.kill();
    await complete(first, 1);
    await waitUntil("the loss to show", async () => {
      const { extents, requests } = await seenBy(first);
      return extents.join() === HERE.join() && requests.join() === "3,3,3,3,3";
    });
    await store.restart();
    await complete(second, 1);
    await sees(first, 7, 3);
    await sees(second, 7, 4);
    await store.ask("FLUSHALL");
    await Bun.sleep(2_000);
    await sees(first, 7, 3);
  },
  60_000,
);

test.if(program !== undefined)("no request asks the store to count it", async () => {
  await using store = await StoreServer.start({ program: program! });
  await using gateway = await startAdmin(upstream.url.origin, { ledger: store.url });
  const calls = async () => {
    const stats = String(await store.ask("INFO", "commandstats"));
    return [...stats.matchAll(/^cmdstat_(?:evalsha|hgetall|hset):calls=(\d+)/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  };
  const [before, start] = [await calls(), performance.now()];
  await complete(gateway, 2_000);
  // The polls of revocations, which run without requests too, and the notes.
  const most = 20 + 10 * ((performance.now() - start) / 1000);
  expect((await calls()) - before).toBeLessThan(most);
  await sees(gateway, 2_000, 2_000);
});

test("usage with a ledger in memory is that of this gateway", async () => {
  await using gateway = await startAdmin(upstream.url.origin);
  await complete(gateway, 2);
  const { extents, requests } = await seenBy(gateway);
  expect([new Set(extents), new Set(requests)]).toEqual([new Set(["this"]), new Set([2])]);
});
