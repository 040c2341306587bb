import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { randomOf } from "../../../support/ledger/simulation/events.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { folderWith } from "../../../support/folder.ts";
import { BILLED_CALLS } from "../billed_calls.ts";
import { billedRules, PRICES, send, startBilling, wordsOf } from "../billed_gateway.ts";
import { COUNT, flood, floodPlaces } from "../floods.ts";
import { ask, freshToken, startCounting } from "../limited_server.ts";
import { type Fleet, startFleet } from "./fleet.ts";

const PASSWORD = "a p@ss:word/of 1 store";

const upstream = startCounting();
const billing = startBilling(0);
const folder = await folderWith({ "prices.json": PRICES });
afterAll(async () => {
  upstream[Symbol.dispose]();
  await billing[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const rules = [{ url: upstream.url }, ...billedRules(billing.providers)];

describe.each(await storePrograms())("three gateways on one $name", (program) => {
  let server: StoreServer;
  let fleet: Fleet;

  beforeAll(async () => {
    server = await StoreServer.start({ program, settings: ["--requirepass", PASSWORD] });
    const ledger = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}/3`;
    const prices = folder.path("prices.json");
    fleet = await startFleet(ledger, rules, [{ prices }, { prices }, { prices, workers: 2 }]);
  }, 60_000);
  afterAll(async () => {
    for (const gateway of fleet.gateways) {
      expect(await gateway.stop()).toBe(0);
      const output = gateway.stdout() + gateway.stderr();
      expect(output).not.toContain("p@ss");
      expect(output).not.toContain("p%40ss");
    }
    await server[Symbol.asyncDispose]();
  }, 60_000);

  const flooded = { next: () => fleet.next(), upstream };

  test("as many of 200 requests pass as a token has uses", async () => {
    const { counts, forwarded } = await flood(flooded, { uses: 50 });
    expect(counts).toEqual({ 200: 50, uses_exhausted: 150 });
    expect(forwarded).toBe(50);
  });

  test("as many pass as its rate lets", async () => {
    const { counts, forwarded } = await flood(flooded, { rate: "1/h burst 30" });
    expect(counts).toEqual({ 200: 30, rate_limited: 170 });
    expect(forwarded).toBe(30);
  });

  test("as many are open as it has places", async () => {
    const token = await freshToken({ concurrent: 10 });
    const { counts, most } = await floodPlaces(flooded, token, 10);
    expect(counts).toEqual({ 200: 10, too_many_concurrent: 190 });
    expect(most).toBe(10);
  });

  test("no more bytes are sent than it has", async () => {
    const token = await freshToken({ bytes: 5_000 });
    const { host } = new URL(upstream.url);
    const sizes = await Promise.all(
      Array.from({ length: COUNT }, async () => {
        const headers = { Authorization: `Bearer ${token}` };
        const response = await fetch(`${fleet.next().url}/${host}/`, { headers });
        const bytes = await response.arrayBuffer().catch(() => new ArrayBuffer());
        return response.status === 200 ? bytes.byteLength : 0;
      }),
    );
    const sum = sizes.reduce((total, size) => total + size, 0);
    expect(sum).toBeLessThanOrEqual(5_000);
    expect(sum).toBeGreaterThan(0);
  });

  test("the requests that do not count all pass", async () => {
    expect((await flood(flooded, {})).counts).toEqual({ 200: COUNT });
  });

  test.each([
    [
      "tokens",
      8_000,
      (limit: number) => ({ tokens: limit }),
      (part: string) => billing.billOf(part).tokens,
    ],
    [
      "cost",
      50_000,
      (limit: number) => ({ cost: limit / 1e6 }),
      (part: string) => billing.billOf(part).microDollars,
    ],
  ] as const)(
    "the bill of 200 requests is never above its %s",
    async (counter, limit, optionOf, billed) => {
      const token = await freshToken({ allow: ["n"], ...optionOf(limit) });
      const seed = Math.floor(Math.random() * 1e9);
      const random = randomOf(seed);
      const calls = Object.values(BILLED_CALLS);
      const mark = `flood-${program.name}-${counter}`;
      const results: Record<string, number> = {};
      for (let round = 0; round < 30 && (results[`${counter}_exhausted`] ?? 0) < COUNT; round++) {
        const asked = Array.from({ length: round === 0 ? COUNT : 40 }, async () => {
          const call = calls[Math.floor(random() * calls.length)]!;
          const text = wordsOf(20 + Math.floor(random() * 40));
          const cap = [16, 40, 64, 100][Math.floor(random() * 4)];
          const caller = { gateway: fleet.next(), billing, token };
          const response = await send(caller, call, { model: `m-${mark}`, text, cap });
          await response.arrayBuffer();
          const result = response.headers.get("x-sw-problem") ?? String(response.status);
          results[result] = (results[result] ?? 0) + 1;
        });
        await Promise.all(asked);
        expect(billed(mark)).toBeLessThanOrEqual(limit);
      }
      console.log(`${program.name}, ${counter}, seed ${seed}: ${billed(mark)} of ${limit} billed`);
      expect(billed(mark)).toBeGreaterThan(limit * 0.9);
      const known = ["200", "budget_reserved", `${counter}_exhausted`];
      expect(Object.keys(results).filter((result) => !known.includes(result))).toEqual([]);
    },
    60_000,
  );

  test("the counters of all of them are read, and reset, by the command", async () => {
    const jti = `read-${program.name}`;
    const token = await freshToken({ uses: 3, jti });
    for (const gateway of fleet.gateways) {
      expect((await ask(gateway, token, upstream)).result).toBe("200");
    }
    expect((await ask(fleet.next(), token, upstream)).result).toBe("uses_exhausted");
    const url = `redis://:\${STORE}@127.0.0.1:${server.port}/3`;
    const command = (...more: string[]) =>
      Bun.spawnSync(
        [
          ...[process.execPath, `${import.meta.dirname}/../../../../server.ts`, "ledger"],
          ...["--ledger", url, "--app", CREDENTIAL.id, "--token", jti, ...more],
        ],
        { env: { PATH: process.env["PATH"]!, STORE: encodeURIComponent(PASSWORD) } },
      ).stdout.toString();
    expect(command()).toBe("uses: 3 used, 0 reserved\n");
    expect(command("--reset")).toBe("Nothing is counted.\n");
    expect((await ask(fleet.next(), token, upstream)).result).toBe("200");
  }, 60_000);

  test("no key is without expiry", async () => {
    const client = new Bun.RedisClient(
      `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}/3`,
    );
    const keys = (await client.send("KEYS", ["*"])) as string[];
    expect(keys.length).toBeGreaterThan(3);
    const expiries = await Promise.all(
      keys.map(async (key) => [key, await client.send("PTTL", [key])] as const),
    );
    client.close();
    expect(expiries.filter(([, ms]) => !(Number(ms) > 0 || Number(ms) === -2))).toEqual([]);
  });
});
