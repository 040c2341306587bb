import { afterAll, expect, test } from "bun:test";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { startCluster } from "../../../support/ledger/redis/cluster.ts";
import { startSentinels } from "../../../support/ledger/redis/sentinels.ts";
import { startSlowWay } from "../../../support/ledger/redis/slow_way.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { waitUntil } from "../../../support/wait_until.ts";
import { ask, freshToken, startCounting, tally } from "../limited_server.ts";
import { type Fleet, startFleet } from "./fleet.ts";

const RECOVERED_MS = 30_000;

const upstream = startCounting();
afterAll(() => upstream[Symbol.dispose]());
const programs = await storePrograms();
// One of each: they differ in nothing that gateways see of a failover or a move.
const [first, last] = [programs.slice(0, 1), programs.slice(-1)];

const askOnce = async (fleet: Fleet, token: string) =>
  (await ask(fleet.next(), token, upstream)).result;

/** Asks until a new token is accepted. Returns what the others got. */
async function recovery(fleet: Fleet): Promise<Set<string>> {
  const results = new Set<string>();
  for (const gateway of fleet.gateways) {
    await waitUntil(
      "the store to be used again",
      async () => {
        const { result } = await ask(gateway, await freshToken({ uses: 1 }), upstream);
        if (result !== "200") results.add(result);
        return result === "200";
      },
      RECOVERED_MS,
    );
  }
  return results;
}

async function holds(fleet: Fleet): Promise<void> {
  const token = await freshToken({ uses: 5 });
  const asked = Array.from({ length: 40 }, async () => ({ result: await askOnce(fleet, token) }));
  expect(tally(await Promise.all(asked))).toEqual({ 200: 5, uses_exhausted: 35 });
}

/** Tries each of many one-time tokens at every gateway, again and again, until it is stopped or disposed of. */
function startSpending(fleet: Fleet) {
  let isStopped = false;
  const twice: string[] = [];
  let accepted = 0;
  const spend = async () => {
    const token = await freshToken({ uses: 1 });
    let times = 0;
    for (let round = 0; round < 3; round++) {
      const asked = fleet.gateways.map((gateway) => ask(gateway, token, upstream));
      for (const { result } of await Promise.all(asked)) if (result === "200") times++;
      await Bun.sleep(300);
    }
    accepted += Math.min(times, 1);
    if (times > 1) twice.push(`${times} times`);
  };
  const run = async () => {
    while (!isStopped) await spend();
  };
  const running = Promise.all(Array.from({ length: 8 }, run));
  const stop = async (): Promise<{ accepted: number; twice: string[] }> => {
    isStopped = true;
    await running;
    return { accepted, twice };
  };
  return {
    stop,
    // A test that has failed must not end the gateways first: what these requests got would hide why.
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

test.each(last)(
  "a primary of $name is moved, and the next one is lost",
  async (program) => {
    await using group = await startSentinels(program);
    using ways = new DisposableStack();
    const late = await Promise.all(
      group.sentinels.map(async ({ port }) => ways.use(await startSlowWay(port))),
    );
    const lateUrl = group.sentinels.reduce(
      (url, { port }, index) => url.replace(String(port), String(late[index]!.port)),
      group.url,
    );
    const settings = [{}, { ledger: lateUrl }];
    await using fleet = await startFleet(group.url, [{ url: upstream.url }], settings);
    // Another primary may have been used until now.
    await recovery(fleet);
    await holds(fleet);
    // An operator moves the primary, which goes on as a replica.
    const moved = await freshToken({ uses: 1 });
    expect(await askOnce(fleet, moved)).toBe("200");
    await using spending = startSpending(fleet);
    // The second gateway hears of it 2 s later than the first.
    for (const way of late) way.isCut = true;
    setTimeout(() => late.forEach((way) => void (way.isCut = false)), 2_000);
    await group.sentinels[0]!.ask("SENTINEL", "FAILOVER", "main");
    await waitUntil(
      "the move",
      async () => (await askOnce(fleet, moved)) === "token_predates_ledger",
      RECOVERED_MS,
    );
    await recovery(fleet);
    await holds(fleet);
    await waitUntil(
      "the old primary to follow",
      async () => {
        // A primary that becomes a replica closes its connections.
        const asked = group.primary.ask("INFO", "replication");
        const info = String(await asked.catch(() => ""));
        return info.includes("master_link_status:up");
      },
      RECOVERED_MS,
    );
    const spendings = await spending.stop();
    expect(spendings.twice).toEqual([]);
    expect(spendings.accepted).toBeGreaterThan(0);
    const [spent, unspent] = [await freshToken({ uses: 1 }), await freshToken({ uses: 1 })];
    expect(await askOnce(fleet, spent)).toBe("200");
    await group.replica.kill();
    const refusals = await recovery(fleet);
    expect(
      [...refusals].filter(
        (result) => !["ledger_unavailable", "token_predates_ledger"].includes(result),
      ),
    ).toEqual([]);
    expect(refusals).toContain("ledger_unavailable");
    // What the replica lacks is unknown, so no older token is accepted.
    expect(await askOnce(fleet, spent)).toBe("token_predates_ledger");
    expect(await askOnce(fleet, unspent)).toBe("token_predates_ledger");
    await holds(fleet);
  },
  120_000,
);

test.each(first)(
  "a slot of a cluster of $name is moved",
  async (program) => {
    await using cluster = await startCluster(program);
    await using fleet = await startFleet(cluster.url, [{ url: upstream.url }], [{}, {}]);
    await holds(fleet);
    const { slot, node } = await cluster.placeOf(`sw1:{${CREDENTIAL.id}}:m`);
    const spent = await freshToken({ uses: 1 });
    expect(await askOnce(fleet, spent)).toBe("200");
    await cluster.beginMove(slot, node);
    const before = upstream.counts.all;
    const token = await freshToken({ uses: 1 });
    expect(await askOnce(fleet, token)).toBe("ledger_unavailable");
    expect(await askOnce(fleet, await freshToken({}))).toBe("200");
    expect(upstream.counts.all - before).toBe(1);
    await cluster.endMove(slot, node);
    await recovery(fleet);
    // The slot is in another server process, of which nobody knows what it has seen.
    expect(await askOnce(fleet, spent)).toBe("token_predates_ledger");
    await holds(fleet);
  },
  120_000,
);
