import { afterAll, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { storePrograms } from "../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../support/ledger/redis/store_server.ts";
import { startReceiptBackend } from "../../support/receipts/receipt_backend.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { folderWith } from "../../support/folder.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { appWithReceipts, call, missingIn, startAnswering } from "./receipt_stage.ts";

// Each of them starts a gateway, which takes a second.
const ROUNDS = process.env["SIGNWAY_LONG_TESTS"] === undefined ? 6 : 60;
const CALLERS = 12;

const upstream = startAnswering(() => Bun.sleep(Math.random() * 20));
const rules = [{ url: `${upstream.url}/` }];
afterAll(() => upstream[Symbol.dispose]());

/** Asks a gateway until it is gone. Returns the requests that it has answered. */
async function askUntilKilled(gateway: ConfiguredGateway, ms: number): Promise<string[]> {
  const answered: string[] = [];
  let isKilled = false;
  const caller = async () => {
    while (!isKilled) {
      const result = await call(gateway, upstream).catch(() => undefined);
      if (result?.status === 200) answered.push(result.requestId);
      if (!result) return;
    }
  };
  const callers = Array.from({ length: CALLERS }, caller);
  await Bun.sleep(ms);
  await gateway.stop("SIGKILL");
  isKilled = true;
  await Promise.all(callers);
  return answered;
}

const [program] = await storePrograms();

/** Puts the ends of leases into the past, so that the test need not wait for them. */
async function endLeases(server: StoreServer): Promise<void> {
  const leases = `sw1:{${CREDENTIAL.id}}:l`;
  for (const owner of (await server.ask("ZRANGE", leases, "0", "-1")) as string[]) {
    await server.ask("ZADD", leases, "XX", "1", owner);
  }
  await server.ask("DEL", `sw1:{${CREDENTIAL.id}}:c`);
}

test("a gateway with two workers and a file that is killed at any moment loses no receipt", async () => {
  // Every third message fails, so that receipts wait when the gateway is killed.
  await using backend = startReceiptBackend(
    (attempt) => new Response(null, { status: attempt % 3 === 0 ? 500 : 204 }),
  );
  await using folder = await folderWith();
  const ledger = `sqlite:${folder.path("ledger.db")}`;
  const config: ConfigInput = { ledger, workers: 2, app: [appWithReceipts(backend, rules)] };
  const answered: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const gateway = await startConfigured(config);
    answered.push(...(await askUntilKilled(gateway, 50 + Math.random() * 700)));
    // Workers end by themselves when their supervisor has.
    await Bun.sleep(200);
  }
  await using _ = await startConfigured(config);
  await waitUntil(
    "all receipts",
    async () => missingIn(backend.taken, answered).length === 0,
    60_000,
  );
  // On a machine that is busy, some rounds answer few of their callers.
  expect(answered.length).toBeGreaterThan(ROUNDS);
}, 600_000);

test("two gateways on Redis of which one is killed at any moment lose no receipt", async () => {
  await using server = await StoreServer.start({ program: program! });
  await using backend = startReceiptBackend(
    (attempt) => new Response(null, { status: attempt % 3 === 0 ? 500 : 204 }),
  );
  const config: ConfigInput = { ledger: server.url, app: [appWithReceipts(backend, rules)] };
  const answered: string[] = [];
  await using survivor = await startConfigured(config);
  for (let round = 0; round < ROUNDS; round++) {
    const gateway = await startConfigured(config);
    const [ofKilled] = await Promise.all([
      askUntilKilled(gateway, 50 + Math.random() * 700),
      ...Array.from({ length: 20 }, async () => {
        const { status, requestId } = await call(survivor, upstream);
        if (status === 200) answered.push(requestId);
      }),
    ]);
    answered.push(...ofKilled);
  }
  await endLeases(server);
  await waitUntil(
    "all receipts",
    async () => missingIn(backend.taken, answered).length === 0,
    90_000,
  );
  // On a machine that is busy, some rounds answer few of their callers.
  expect(answered.length).toBeGreaterThan(ROUNDS);
  // One process at a time sends.
  expect(backend.most()).toBe(1);
}, 600_000);

test("another gateway sends the receipts of one that was killed while it sent them", async () => {
  await using server = await StoreServer.start({ program: program! });
  let isFirst = true;
  await using backend = startReceiptBackend(async () => {
    if (isFirst) {
      isFirst = false;
      await Bun.sleep(60_000);
    }
    return new Response(null, { status: 204 });
  });
  const config: ConfigInput = { ledger: server.url, app: [appWithReceipts(backend, rules)] };
  await using killed = await startConfigured(config);
  await using other = await startConfigured(config);
  const { requestId } = await call(killed, upstream);
  await waitUntil("the first message", async () => backend.messages.length === 1);
  await killed.stop("SIGKILL");
  const { requestId: later } = await call(other, upstream);
  // The sender's own time is 30 s.
  await waitUntil(
    "the receipts of both",
    async () => missingIn(backend.taken, [requestId, later]).length === 0,
    60_000,
  );
}, 120_000);

test("a late settlement is the same receipt with revision 2", async () => {
  await using server = await StoreServer.start({ program: program! });
  await using backend = startReceiptBackend();
  const held = Promise.withResolvers<void>();
  using slow = startAnswering(() => held.promise);
  const app = [
    appWithReceipts(backend, [{ url: `${slow.url}/` }, ...rules], { limits: { bytes: 1e9 } }),
  ];
  await using stopped = await startConfigured({ ledger: server.url, app });
  await using other = await startConfigured({ ledger: server.url, app });
  const open = call(stopped, slow, { requestId: "the-late-one" });
  const owners = async () =>
    ((await server.ask("KEYS", `sw1:{${CREDENTIAL.id}}:o:*`)) as string[]).length;
  await waitUntil("the reservation", async () => (await owners()) === 1);
  stopped.kill("SIGSTOP");
  await endLeases(server);
  await call(other, upstream);
  const late = () => backend.taken.filter(({ request_id: id }) => id === "the-late-one");
  await waitUntil("its first receipt", async () => late().length === 1, 60_000);
  stopped.kill("SIGCONT");
  held.resolve();
  expect((await open).status).toBe(200);
  await waitUntil("its second receipt", async () => late().length === 2, 60_000);
  const [first, second] = late();
  expect(first).toMatchObject({ revision: 1, outcome: "unknown", subject: "ada" });
  expect(first).not.toContainKey("status");
  expect(second).toMatchObject({ id: first!.id, revision: 2, outcome: "complete", status: 200 });
  expect(second).toMatchObject({ bytes_out: 100, charged: { bytes: 100 } });
}, 120_000);
