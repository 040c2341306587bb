import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { openSigned } from "../../support/by_path.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { startCluster } from "../../support/ledger/redis/cluster.ts";
import { startSentinels } from "../../support/ledger/redis/sentinels.ts";
import { storePrograms } from "../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../support/ledger/redis/store_server.ts";
import { waitFor } from "../../support/wait_for.ts";
import {
  type AdminGateway,
  ask,
  ledgerFolder,
  openSocket,
  openStream,
  startAdmin,
  startEndless,
  tokenOf,
} from "./revoking_stage.ts";

const app = CREDENTIAL.id;
const upstream = startEndless();
const { host } = upstream;
const folder = ledgerFolder();
const [program] = await storePrograms();
// They start one after the other: together they would be slow to find each other.
const server = program && (await StoreServer.start({ program }));
const group = program && (await startSentinels(program));
const cluster = program && (await startCluster(program));
afterAll(async () => {
  upstream.stop();
  folder[Symbol.dispose]();
  for (const store of [server, group, cluster]) await store?.[Symbol.asyncDispose]();
});

interface Kind {
  name: string;
  /** The gateways, and how many processes serve requests. */
  gateways: readonly Partial<ConfigInput>[];
  processes: number;
  isKept?: boolean;
}

/** Three gateways that share a store; none where it cannot be started. */
function kindOf(name: string, ledger: string | undefined): Kind[] {
  if (ledger === undefined) return [];
  const gateways = [{ ledger }, { ledger }, { ledger, workers: 2 }];
  return [{ name: `three gateways on ${name}`, gateways, processes: 4, isKept: true }];
}

const KINDS: readonly Kind[] = [
  { name: "one process", gateways: [{}], processes: 1 },
  { name: "two workers", gateways: [{ workers: 2 }], processes: 2 },
  { name: "a file", gateways: [{ ledger: folder.ledger }], processes: 1, isKept: true },
  ...kindOf("one Redis", server?.url),
  ...kindOf("Sentinels", group?.url),
  ...kindOf("a Cluster", cluster?.url),
];

describe.each(KINDS)("revocation with $name", ({ gateways: settings, processes, isKept }) => {
  let gateways: AdminGateway[];
  beforeAll(async () => {
    gateways = await Promise.all(settings.map((more) => startAdmin(upstream.url, more)));
  }, 60_000);
  afterAll(async () => {
    for (const gateway of gateways) expect(await gateway.stop()).toBe(0);
  }, 60_000);

  /** Opens streams and WebSockets with a token at each gateway, so that each worker gets some. */
  async function openAll(token: string) {
    const each = gateways.flatMap((gateway) => Array.from({ length: 6 }, () => gateway));
    const streams = await Promise.all(each.map((gateway) => openStream(gateway, host, token)));
    const sockets = await Promise.all(each.map((gateway) => openSocket(gateway, host, token)));
    return { streams, sockets };
  }

  const askAll = (token: string) =>
    Promise.all(gateways.flatMap((gateway) => [1, 2, 3, 4].map(() => ask(gateway, host, token))));

  test.each<[string, Partial<Parameters<typeof tokenOf>[0]>, object]>([
    ["a token", { jti: "one" }, { token: "one" }],
    ["a subject", { jti: "two", subject: "eve \u{1f600} <b>" }, { subject: "eve \u{1f600} <b>" }],
    [
      "what is from before a time",
      { jti: "three", now: new Date(Date.now() - 60_000) },
      { before: 0 },
    ],
  ])(
    "of %s ends what is open everywhere, and refuses what comes",
    async (_, claims, what) => {
      const [first] = gateways as [AdminGateway];
      const body =
        "before" in what ? { app, before: Math.floor(Date.now() / 1000) - 30 } : { app, ...what };
      const token = await tokenOf(claims);
      const other = await tokenOf({ jti: "other", subject: "adam" });
      const [ending, staying] = [await openAll(token), await openAll(other)];
      const made = await first.revoke(body);
      expect(made).toMatchObject({
        status: 201,
        body: { processes: { known: processes, reached: processes } },
      });
      for (const stream of ending.streams) {
        expect(await stream.ended).toMatch(
          /\n\ndata: \{"error":\{[^\n]*"code":"token_revoked"[^\n]*\n\n$/,
        );
      }
      for (const socket of ending.sockets) expect(await socket.ended).toBe("1008 token_revoked");
      expect(new Set(await askAll(token))).toEqual(new Set(["token_revoked"]));
      expect(new Set(await askAll(other))).toEqual(new Set(["200"]));
      for (const { text } of staying.streams) expect(text()).not.toContain("error");
      const lifted = await first.revoke(body, "DELETE");
      expect(lifted).toMatchObject({ status: 200, body: { is_lifted: true } });
      expect(new Set(await askAll(token))).toEqual(new Set(["200"]));
      // The next row begins with nothing open.
      await first.revoke({ app, token: "other" });
      for (const one of [...staying.streams, ...staying.sockets]) await one.ended;
      await first.revoke({ app, token: "other" }, "DELETE");
    },
    60_000,
  );

  test("of all from before a time ends signed URLs", async () => {
    const [first] = gateways as [AdminGateway];
    const url = `${upstream.url}/v1/chat/completions`;
    const client = await openSigned(first, url);
    await waitFor("the first event", () => client.received().includes("hello"));
    await Bun.sleep(1_001);
    // URLs are dated in whole seconds.
    const body = { app, before: Math.floor(Date.now() / 1000) };
    await first.revoke(body);
    await waitFor("the end", () => client.received().includes("token_revoked"));
    const late = await openSigned(first, url);
    await waitFor("an answer", () => late.received().includes("hello"));
    client.reset();
    late.reset();
    await first.revoke(body, "DELETE");
  });

  test("is listed, and shows in the state of health", async () => {
    const [first] = gateways as [AdminGateway];
    await first.revoke({ app, token: "listed" });
    const { body } = await first.api("/api/revocations");
    expect(body).toMatchObject({
      is_stale: false,
      total: 1,
      revocations: [{ app, token: "listed" }],
    });
    const ready = await fetch(`${first.admin}/readyz?verbose`);
    expect(await ready.text()).toBe("ok\nrevocations: current\n");
    const metrics = await (await fetch(`${first.admin}/metrics`)).text();
    expect(metrics).toMatch(/^signway_revocations_stale 0$/m);
  });

  if (isKept) {
    test("survives a restart", async () => {
      const token = await tokenOf({ jti: "kept" });
      await gateways[0]!.revoke({ app, token: "kept" });
      for (const gateway of gateways) await gateway.stop("SIGKILL");
      gateways = await Promise.all(settings.map((more) => startAdmin(upstream.url, more)));
      expect(new Set(await askAll(token))).toEqual(new Set(["token_revoked"]));
    }, 60_000);
  }
});
