import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { freePort } from "../../../support/free_port.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { type SlowWay, startSlowWay } from "../../../support/ledger/redis/slow_way.ts";
import { waitUntil } from "../../../support/wait_until.ts";
import {
  acceptsNewTokens,
  ask,
  configFor,
  freshToken,
  startCounting,
  startCountingGateway,
  tally,
} from "../limited_server.ts";
import { type Fleet, startFleet } from "./fleet.ts";

// The whole pause that a store has to survive, or as much of it as it takes until gateways have given up.
const PAUSE_MS = process.env["SIGNWAY_LONG_TESTS"] ? 30_000 : 4_500;
const RECOVERED_MS = 10_000;

const upstream = startCounting();
afterAll(() => upstream[Symbol.dispose]());
const [program] = await storePrograms();
if (!program) throw new Error("neither Redis nor Valkey can be started");

describe("two gateways, and their store", () => {
  let server: StoreServer;
  let way: SlowWay;
  let fleet: Fleet;
  let admins: number[];

  beforeEach(async () => {
    server = await StoreServer.start({ program });
    way = await startSlowWay(server.port);
    admins = [await freePort(), await freePort()];
    const ledger = `redis://127.0.0.1:${way.port}`;
    const settings = admins.map((port) => ({ admin: `127.0.0.1:${port}` }));
    fleet = await startFleet(ledger, [{ url: upstream.url }], settings);
  }, 60_000);
  afterEach(async () => {
    await fleet[Symbol.asyncDispose]();
    way[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  }, 60_000);

  const askOnce = async (token: string) => (await ask(fleet.next(), token, upstream)).result;

  /** Counted requests fail closed, others go on, and the gateways stay ready. */
  async function failsClosed(token: string): Promise<void> {
    const before = upstream.counts.all;
    const asked = Array.from({ length: 20 }, () => askOnce(token));
    const free = await freshToken({});
    const others = Array.from({ length: 20 }, () => askOnce(free));
    expect(new Set(await Promise.all(others))).toEqual(new Set(["200"]));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["ledger_unavailable"]));
    expect(upstream.counts.all - before).toBe(20);
    for (const port of admins) {
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    }
  }

  /** A new token is accepted, once for each of its uses. */
  async function recovers(): Promise<void> {
    for (const gateway of fleet.gateways) {
      await waitUntil(
        "the store to be used again",
        async () => (await ask(gateway, await freshToken({ uses: 1 }), upstream)).result === "200",
        RECOVERED_MS,
      );
    }
    const token = await freshToken({ uses: 3 });
    const results = await Promise.all(Array.from({ length: 20 }, () => askOnce(token)));
    expect(tally(results.map((result) => ({ result })))).toEqual({ 200: 3, uses_exhausted: 17 });
  }

  test("is killed, and starts again with nothing", async () => {
    const [spent, unspent] = [await freshToken({ uses: 1 }), await freshToken({ uses: 1 })];
    expect(await askOnce(spent)).toBe("200");
    await server.kill();
    await waitUntil(
      "the end of the connections",
      async () => (await askOnce(spent)) === "ledger_unavailable",
    );
    await failsClosed(unspent);
    await server.restart();
    await recovers();
    expect(await askOnce(spent)).toBe("token_predates_ledger");
    expect(await askOnce(unspent)).toBe("token_predates_ledger");
    for (const gateway of fleet.gateways) {
      const told = gateway.lines().filter(({ ledger }) => ledger !== undefined);
      expect(told.map(({ msg }) => msg)).toEqual([
        "the ledger cannot be used",
        "the ledger can be used again",
      ]);
    }
  }, 60_000);

  test("is emptied", async () => {
    const spent = await freshToken({ uses: 1 });
    expect(await askOnce(spent)).toBe("200");
    await server.ask("FLUSHALL");
    expect(await askOnce(spent)).toBe("token_predates_ledger");
    await recovers();
    expect(await askOnce(spent)).toBe("token_predates_ledger");
  }, 60_000);

  test("is stopped for a while: what it was asked meanwhile is given back", async () => {
    const token = await freshToken({ uses: 2 });
    server.signal("SIGSTOP");
    await failsClosed(token);
    await Bun.sleep(PAUSE_MS);
    await failsClosed(token);
    const before = upstream.counts.all;
    server.signal("SIGCONT");
    await recovers();
    // What was in the buffers of its sockets is executed now, and released.
    const results: string[] = [];
    await waitUntil("both uses", async () => {
      results.push(await askOnce(token));
      return results.filter((result) => result === "200").length === 2;
    });
    for (let more = 0; more < 5; more++) expect(await askOnce(token)).toBe("uses_exhausted");
    expect(results.filter((result) => !["200", "uses_exhausted"].includes(result))).toEqual([]);
    expect(upstream.counts.all - before).toBeGreaterThanOrEqual(2 + 2 + 3);
  }, 120_000);

  test("is 200 ms away", async () => {
    way.delayMs = 100;
    const token = await freshToken({ uses: 7 });
    const results = await Promise.all(Array.from({ length: 50 }, () => askOnce(token)));
    expect(tally(results.map((result) => ({ result })))).toEqual({ 200: 7, uses_exhausted: 43 });
    expect(await askOnce(await freshToken({}))).toBe("200");
  }, 60_000);

  test("cannot be reached, although nothing closes the connections", async () => {
    const token = await freshToken({ uses: 1 });
    way.isCut = true;
    await failsClosed(token);
    way.isCut = false;
    await recovers();
    await waitUntil("the use that was not spent", async () => (await askOnce(token)) === "200");
    expect(await askOnce(token)).toBe("uses_exhausted");
  }, 60_000);

  test("is out of memory", async () => {
    const token = await freshToken({ uses: 1 });
    await server.ask("CONFIG", "SET", "maxmemory", "1");
    await failsClosed(token);
    await server.ask("CONFIG", "SET", "maxmemory", "0");
    expect(await askOnce(token)).toBe("200");
    expect(await askOnce(token)).toBe("uses_exhausted");
    await recovers();
  }, 60_000);

  test("starts again with a policy that forgets counters, and is not used", async () => {
    await server.kill();
    await using other = await StoreServer.start({
      program,
      port: server.port,
      settings: ["--maxmemory-policy", "allkeys-lru"],
    });
    const reasons = () => fleet.gateways[0]!.lines().filter(({ reason }) => reason !== undefined);
    await waitUntil("its loss", async () => reasons().length > 0);
    await failsClosed(await freshToken({ uses: 1 }));
    await other.ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
    await recovers();
  }, 60_000);
});

describe("a gateway does not start with a store that", () => {
  test.each([
    [
      "may forget counters",
      ["--maxmemory-policy", "volatile-ttl"],
      "it may forget counters: set maxmemory-policy noeviction there, in its configuration",
    ],
    ["refuses its password", ["--requirepass", "right"], "it refuses the user and the password: "],
    [
      "is a node of a cluster",
      ["--cluster-enabled", "yes"],
      "it is a node of a cluster: use redis+cluster://",
    ],
  ])("%s", async (name, settings, expected) => {
    await using server = await StoreServer.start({ program, settings });
    const password = name === "refuses its password" ? ":canary@" : "";
    const ledger = `redis://${password}127.0.0.1:${server.port}`;
    const message = await startFleet(ledger, [{ url: upstream.url }], [{}]).then(
      () => "it started",
      (error: Error) => error.message,
    );
    const place = `\nsignway: the ledger's server 127.0.0.1:${server.port}: `;
    expect(message).toContain(place + expected);
    expect(message).not.toContain("canary");
  });
});

test("a gateway starts without its store, and uses it when it is there", async () => {
  const port = await freePort();
  const ledger = `redis://127.0.0.1:${port}`;
  await using fleet = await startFleet(ledger, [{ url: upstream.url }], [{}]);
  const [gateway] = fleet.gateways;
  expect((await ask(gateway!, await freshToken({}), upstream)).result).toBe("200");
  expect((await ask(gateway!, await freshToken({ uses: 1 }), upstream)).result).toBe(
    "ledger_unavailable",
  );
  await using _ = await StoreServer.start({ program, port });
  await waitUntil(
    "the store",
    async () => (await ask(gateway!, await freshToken({ uses: 1 }), upstream)).result === "200",
    RECOVERED_MS,
  );
}, 60_000);

test("the first token of an app that a reload has added is accepted", async () => {
  await using server = await StoreServer.start({ program });
  const { app = [] } = configFor(upstream);
  const ledger = server.url;
  await using gateway = await startCountingGateway({ ledger, app });
  await gateway.reconfigure({ ledger, app: [...app, { ...app[0]!, id: "added" }] });
  await acceptsNewTokens();
  const token = await freshToken({ id: "added", uses: 1 });
  expect((await ask(gateway, token, upstream)).result).toBe("200");
}, 60_000);
