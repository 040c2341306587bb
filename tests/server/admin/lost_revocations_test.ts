import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { startCluster } from "../../support/ledger/redis/cluster.ts";
import { startSentinels } from "../../support/ledger/redis/sentinels.ts";
import { storePrograms } from "../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../support/ledger/redis/store_server.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { type AdminGateway, ask, startAdmin, startEndless, tokenOf } from "./revoking_stage.ts";

const app = CREDENTIAL.id;
const upstream = startEndless();
const { host } = upstream;
afterAll(() => void upstream.stop());
const programs = (await storePrograms()).slice(0, 1);

// A key of the revocations.
const KEY = "sw1:{%3Arevocations}:rm";
const RECOVERED_MS = 15_000;

/** A store, and the server in it that has the revocations. */
interface SharedStore extends AsyncDisposable {
  url: string;
  server: StoreServer;
}

type Program = (typeof programs)[number];

async function openServer(program: Program): Promise<SharedStore> {
  const server = await StoreServer.start({ program });
  return { url: server.url, server, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function openCluster(program: Program): Promise<SharedStore> {
  const cluster = await startCluster(program);
  const { node } = await cluster.placeOf(KEY);
  return {
    url: cluster.url,
    server: cluster.nodes[node]!,
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

const KINDS = [
  ["Redis", openServer],
  ["a Cluster", openCluster],
] as const;

/** Two tokens, the first of which is revoked. */
async function revokeOne(gateway: AdminGateway) {
  const [revoked, other] = [await tokenOf({ jti: "revoked" }), await tokenOf({ jti: "other" })];
  expect(await gateway.revoke({ app, token: "revoked" })).toMatchObject({ status: 201 });
  const answers = async (from: AdminGateway) => [
    await ask(from, host, revoked),
    await ask(from, host, other),
  ];
  const holds = async (from: AdminGateway) =>
    expect(await answers(from)).toEqual(["token_revoked", "200"]);
  /** A gateway that comes late learns it. */
  const isLearned = (from: AdminGateway) =>
    waitUntil("the revocation", async () => (await ask(from, host, revoked)) === "token_revoked");
  return { holds, isLearned };
}

const revokes = async (gateway: AdminGateway, token: string) =>
  (await gateway.revoke({ app, token })).status === 201;

describe.each(programs)("revocations of $name", (program) => {
  test.each(KINDS)(
    "in %s that is gone are neither forgotten nor invented, and one that is empty gets them back",
    async (_, open) => {
      await using store = await open(program);
      const ledger = store.url;
      await using gateway = await startAdmin(upstream.url, { ledger });
      const { holds, isLearned } = await revokeOne(gateway);
      await store.server.kill();
      expect(await gateway.revoke({ app, token: "other" })).toMatchObject({
        status: 503,
        body: { code: "ledger_unavailable" },
      });
      await holds(gateway);
      await waitUntil("the copy to be stale", async () => {
        const ready = await fetch(`${gateway.admin}/readyz?verbose`);
        return ready.status === 200 && (await ready.text()).includes("revocations: stale");
      });
      await holds(gateway);
      await store.server.restart();
      await waitUntil("the store to be reached", async () => {
        const { body } = await gateway.api("/api/overview");
        return body.revocations.is_stale === false;
      });
      await using late = await startAdmin(upstream.url, { ledger });
      await isLearned(late);
      await holds(late);
    },
    60_000,
  );

  test("whose primary is lost are kept by the next one, also when that has lost them", async () => {
    await using group = await startSentinels(program);
    const ledger = group.url;
    await using gateway = await startAdmin(upstream.url, { ledger });
    const { holds, isLearned } = await revokeOne(gateway);
    await group.primary.kill();
    await holds(gateway);
    await waitUntil("the next primary", () => revokes(gateway, "after"), RECOVERED_MS);
    await using late = await startAdmin(upstream.url, { ledger });
    await isLearned(late);
    await holds(late);
    // Like a replica that had not heard of anything.
    await group.replica.ask("FLUSHALL");
    await using later = await startAdmin(upstream.url, { ledger });
    await isLearned(later);
    await holds(later);
    const after = await tokenOf({ jti: "after" });
    expect(await ask(later, host, after)).toBe("token_revoked");
  }, 60_000);

  test("are found again where a Cluster has moved them", async () => {
    await using cluster = await startCluster(program);
    const ledger = cluster.url;
    await using gateway = await startAdmin(upstream.url, { ledger });
    const { holds, isLearned } = await revokeOne(gateway);
    const { slot, node } = await cluster.placeOf(KEY);
    await cluster.beginMove(slot, node);
    await holds(gateway);
    await cluster.endMove(slot, node);
    await waitUntil("the other node", () => revokes(gateway, "after"), RECOVERED_MS);
    await holds(gateway);
    await using late = await startAdmin(upstream.url, { ledger });
    await isLearned(late);
    await holds(late);
    expect(await ask(late, host, await tokenOf({ jti: "after" }))).toBe("token_revoked");
  }, 60_000);
});
