import { RedisClient } from "bun";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Registry } from "prom-client";
import { HELD_MS } from "../../lib/gateway/ledger/client/lease.ts";
import { LEASE_MS } from "../../lib/gateway/ledger/algorithm/reserve.ts";
import type { CounterDemand } from "../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE, subjectScope, tokenScope } from "../../lib/gateway/ledger/forms/scope.ts";
import { tightestLimit } from "../../lib/gateway/ledger/rate_limit_fields.ts";
import { ledgerMistake } from "../../lib/config/ledger/ledger_location.ts";
import { LEDGER_PROBLEMS } from "../../lib/gateway/problem/ledger_problems.ts";
import { TOKEN_PROBLEMS } from "../../lib/gateway/problem/token_problems.ts";
import { SqliteStore } from "../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import { createLedgerMetrics } from "../../lib/runtime/observe/ledger_metrics.ts";
import { COUNTER_KEYS } from "../../lib/signing/token/counters.ts";
import { parseRate, verifyToken } from "../../lib/signing/verify.ts";
import { brokenLinks, runPage, tokenOf } from "../support/doc_page.ts";
import { codeBlock, codesIn, shownOutputs } from "../support/code_blocks.ts";
import { OpenedStore, useOf } from "../support/ledger/redis/opened_store.ts";
import { storePrograms } from "../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../support/ledger/redis/store_server.ts";
import { ROOT } from "../support/root.ts";
import { type Folder, folderWith } from "../support/folder.ts";

const PAGE = await Bun.file(`${ROOT}/docs/limits.md`).text();

const AMOUNTS = { fixed: 100, unit: 1 };
const token = tokenScope("web", "0197c3f2");
const user = subjectScope("ada");
const rateOf = (text: string) => parseRate(text)!;

/** What a request of ada with the token `0197c3f2` needs under the page's configuration. */
const DEMANDS: CounterDemand[] = [
  { scope: token, counter: "uses", limit: 20 },
  { scope: token, counter: "tokens", limit: 10_000, ...AMOUNTS },
  { scope: user, counter: "rate", limit: rateOf("20/min") },
  { scope: user, counter: "tokens", period: "day", limit: 50_000, ...AMOUNTS },
  { scope: user, counter: "cost", limit: 1e9, ...AMOUNTS },
  { scope: APP_SCOPE, counter: "rate", limit: rateOf("100/s") },
  { scope: APP_SCOPE, counter: "concurrent", limit: 500 },
  { scope: APP_SCOPE, counter: "tokens", period: "day", limit: 2_000_000, ...AMOUNTS },
  { scope: APP_SCOPE, counter: "cost", period: "day", limit: 50e9, ...AMOUNTS },
];

/** Leaves the file of a gateway that was killed when it had served one request, and another one was open. */
async function leaveLedger(path: string): Promise<void> {
  let age = -10_000;
  const store = new SqliteStore(path, { now: () => Date.now() + age });
  age = 0;
  const credential = { issuedAt: Date.now(), expiresAt: Date.now() + 3_600_000 };
  const elastic = { least: 16, most: 800, isAsked: true };
  const ofOne = { app: "web", owner: "a" };
  for (const id of ["1", "2"]) {
    const request = { ...ofOne, id, demands: DEMANDS, elastic, credential };
    expect(await store.run({ kind: "reserve", ...request })).toMatchObject({ kind: "reserved" });
  }
  await store.run({ kind: "settle", ...ofOne, id: "1", report: { tokens: 412, cost: 687_250 } });
  store.close();
}

const withoutMoments = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, "MOMENT");

const PASSWORD = "canary";

/** A server with the settings of the page. */
async function startStore(): Promise<StoreServer> {
  const [program] = await storePrograms();
  const [conf = ""] = codesIn(PAGE, "conf");
  const lines = conf.split("\n").filter((line) => /^[a-z]/.test(line));
  const settings = lines.flatMap((line) => {
    const [name, value] = line.split(" ");
    return [`--${name}`, value!];
  });
  settings.push("--requirepass", PASSWORD);
  // There is no replica here, and without one such a server takes no writes.
  settings.push("--min-replicas-to-write", "0");
  return StoreServer.start({ program: program!, settings });
}

let server: StoreServer;
let printed: string[] = [];
let folder: Folder;
beforeAll(async () => {
  folder = await folderWith({ "signway.toml": codesIn(PAGE, "toml").join("\n") });
  await leaveLedger(folder.path("ledger.db"));
  await Bun.write(folder.path("store_password"), PASSWORD);
  server = await startStore();
  printed = await runPage(
    PAGE.replace("valkey:6379", `127.0.0.1:${server.port}`),
    folder.path("."),
  );
}, 60_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe("docs/limits.md", () => {
  const shown = shownOutputs(PAGE);

  test.each(shown.map(({ text }, row) => [text.slice(0, 60).trim(), row] as const))(
    "shows what a command prints: %s",
    (_, row) => {
      const { index, text } = shown[row]!;
      expect(withoutMoments(printed[index]!)).toBe(withoutMoments(text));
    },
  );

  test("shows what all commands print but the first, which prints nothing", () => {
    expect(shown.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(printed[0]).toBe("");
  });

  test("signing in a backend", async () => {
    const code = codeBlock(PAGE, "ts", "signToken");
    const secret = /secret: "(\w+)"/.exec(code)![1]!;
    const verified = await verifyToken(await tokenOf(code), { findSecrets: () => [secret] });
    expect(verified.subject).toBe("ada");
    expect(verified.tokenId).toMatch(/^.+$/);
    expect(verified.permits.limits).toEqual({
      uses: 20,
      tokens: { limit: 10_000 },
      cost: { limit: 50_000_000 },
    });
  });

  test("shows the headers that tell what is left", () => {
    const fields = tightestLimit([{ scope: token, counter: "uses", limit: 10 }], [9], Date.now())!;
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
    expect(codesIn(PAGE, "http")).toEqual([lines.join("")]);
  });

  test("has every counter, and forms that are read", () => {
    const section = PAGE.slice(
      PAGE.indexOf("## The counters"),
      PAGE.indexOf("## Limits of the op"),
    );
    const keys = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key!);
    expect(keys).toEqual([...COUNTER_KEYS]);
    const [, forms = ""] = /^\| `rate` +\|([^|]*)\|/m.exec(section)!;
    const rates = [...forms.matchAll(/`"(\d[^"]*)"`/g)].map(([, rate]) => rate!);
    expect(rates).toHaveLength(4);
    for (const rate of rates) {
      expect(parseRate(rate)).toBeDefined();
      expect(parseRate(`${rate} burst 10`)).toMatchObject({ burst: 10 });
    }
  });

  test("has the codes of limits with their statuses", () => {
    const section = PAGE.slice(PAGE.indexOf("## Responses of a limit"));
    const rows = [...section.matchAll(/^\| (\d{3}) +\| `(\w+)`/gm)];
    const { token_predates_ledger } = TOKEN_PROBLEMS;
    const problems = Object.entries({ ...LEDGER_PROBLEMS, token_predates_ledger });
    expect(Object.fromEntries(rows.map(([, status, code]) => [code!, Number(status)]))).toEqual(
      Object.fromEntries(problems.map(([code, { status }]) => [code, status])),
    );
  });

  test("has the metrics of the ledger", () => {
    const registry = new Registry();
    createLedgerMetrics(registry);
    const named = new Set([...PAGE.matchAll(/signway_ledger_\w+/g)].map(([name]) => name));
    expect([...named].sort()).toEqual(
      registry
        .getMetricsAsArray()
        .map(({ name }) => name)
        .sort(),
    );
  });

  test("has the times of leases", () => {
    for (const ms of [LEASE_MS, HELD_MS]) expect(PAGE).toContain(` ${ms / 1000} s`);
  });

  test("has the settings with which a server is used, and a command that reads it", async () => {
    const policy = await server.ask("CONFIG", "GET", "maxmemory-policy");
    expect(JSON.stringify(policy)).toContain("noeviction");
    expect(printed.at(-2)).toStartWith("Nothing is counted for the whole app.");
  });

  test("has a user that may do what a gateway needs, and no more", async () => {
    const [, acl = ""] = codesIn(PAGE, "conf");
    const [, name, ...rules] = acl.trim().split(" ");
    await server.ask("ACL", "SETUSER", name!, ...rules);
    using store = await OpenedStore.open(`redis://${name}:password@127.0.0.1:${server.port}`);
    await Bun.sleep(200);
    expect(await store.reserve("1", [useOf("a")])).toMatchObject({ kind: "reserved" });
    expect(await store.settle("1")).toEqual({ was: "open" });
    expect(await store.amounts("a")).toEqual({ uses: [1, 0] });
    const other = new RedisClient(`redis://${name}:password@127.0.0.1:${server.port}`);
    for (const [command, key] of [["GET", "other"], ["FLUSHALL"], ["KEYS", "*"]]) {
      const refused = other.send(command!, key === undefined ? [] : [key]);
      await expect(refused).rejects.toThrow("NOPERM");
    }
    await other.send("PING", []);
    other.close();
  });

  test("has forms of a server's URL that are read", () => {
    const section = PAGE.slice(
      PAGE.indexOf("## Redis and Valkey"),
      PAGE.indexOf("### Settings of"),
    );
    const urls = [...section.matchAll(/`"?(rediss?[+:][^`"]*:\/\/[^`"]+|rediss?:\/\/[^`"]+)"?`/g)];
    expect(urls.length).toBeGreaterThan(4);
    const read = urls.map(([, url]) => ledgerMistake(url!.replace("PORT/DATABASE", "6379/0")));
    expect(read.filter((mistake) => mistake !== undefined)).toEqual([]);
  });

  test("links to headings that there are", async () => {
    const { broken, count } = await brokenLinks(PAGE, "limits.md");
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});
