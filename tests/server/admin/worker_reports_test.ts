import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CREDENTIAL } from "../../support/gateway.ts";
import { childrenOf } from "../../support/processes.ts";
import { waitUntil } from "../../support/wait_until.ts";
import {
  type AdminGateway,
  ask,
  openSocket,
  openStream,
  startAdmin,
  startEndless,
  tokenOf,
} from "./revoking_stage.ts";

const WORKERS = 2;
const upstream = startEndless();
const { host } = upstream;
const folder = mkdtempSync(join(tmpdir(), "signway-messages-"));
const file = join(folder, "messages");
let gateway: AdminGateway;

beforeAll(async () => {
  writeFileSync(file, "");
  const preload = join(import.meta.dir, "count_messages.ts");
  gateway = await startAdmin(
    upstream.url,
    { workers: WORKERS },
    { COUNTED_MESSAGES: file, BUN_OPTIONS: `--preload=${preload}` },
  );
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

/** The sizes of the reports that all workers have sent. */
const reports = (): number[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("counted "))
    .map((line) => Number(line.split(" ")[1]));

describe("two workers", () => {
  let asked = 0;

  test.each([100, 3_000])(
    "report %i exchanges in a message every five seconds at most, and all of them when they are asked",
    async (count) => {
      const tokens = await Promise.all([0, 1, 2].map((i) => tokenOf({ subject: `user-${i}` })));
      const before = reports().length;
      const start = performance.now();
      for (let sent = 0; sent < count; sent += 50) {
        const batch = tokens.concat(Array.from({ length: 47 }, (_, i) => tokens[i % 3]!));
        const answers = await Promise.all(batch.map((token) => ask(gateway, host, token)));
        expect(new Set(answers)).toEqual(new Set(["200"]));
      }
      asked += count;
      const { body } = await gateway.api("/api/overview");
      expect(body.total.requests).toBe(asked);
      const { body: subjects } = await gateway.api("/api/subjects");
      const requests = subjects.rows.map((row: { requests: number }) => row.requests);
      expect([requests.length, requests.reduce((sum: number, n: number) => sum + n)]).toEqual([
        3,
        asked,
      ]);
      const ticks = Math.ceil((performance.now() - start) / 5000) + 1;
      // The overview asks for one more.
      const sizes = reports().slice(before);
      expect(sizes.length).toBeWithin(1, WORKERS * (ticks + 1) + 1);
      expect(Math.max(...sizes)).toBeLessThan(3_000);
    },
    60_000,
  );

  test("report refusals, the last 200 of all", async () => {
    for (let round = 0; round < 6; round++) {
      const batch = Array.from({ length: 50 }, () => ask(gateway, host, "a.b.c"));
      const expired = await tokenOf({ now: new Date(0), expires: 1 });
      const answers = await Promise.all([...batch, ask(gateway, host, expired)]);
      expect(answers.at(-1)).toBe("token_expired");
    }
    const { body } = await gateway.api("/api/refusals");
    const times = body.refusals.map(({ time }: { time: string }) => time);
    expect(times.length).toBe(200);
    expect(times).toEqual(times.toSorted().toReversed());
    const { body: all } = await gateway.api("/api/overview");
    const slots = all.last_hour as { codes: Record<string, number> }[];
    expect(slots.reduce((sum, { codes }) => sum + (codes["token_expired"] ?? 0), 0)).toBe(6);
  });

  test("list what is open, and end each of them by its id", async () => {
    const opened = await Promise.all(
      Array.from({ length: 16 }, async (_, i) => {
        const open = i % 4 === 0 ? openSocket : openStream;
        return open(gateway, host, await tokenOf({ subject: `open-${i}` }));
      }),
    );
    const { body } = await gateway.api("/api/exchanges");
    const { exchanges } = body as { exchanges: { request_id: string; subject: string }[] };
    expect(exchanges.map(({ subject }) => subject).sort()).toEqual(
      opened.map((_, i) => `open-${i}`).sort(),
    );
    for (const { request_id } of exchanges) {
      const ended = await gateway.api(`/api/exchanges/${request_id}`, { method: "DELETE" });
      expect(ended).toMatchObject({ status: 200, body: { ended: 1 } });
    }
    for (const [i, { ended }] of opened.entries()) {
      expect(await ended).toContain(i % 4 === 0 ? "1008" : "ended_by_operator");
    }
    expect((await gateway.api("/api/exchanges")).body.total).toBe(0);
  }, 60_000);

  test("keep what a worker had reported before it was killed", async () => {
    const { body: before } = await gateway.api("/api/overview");
    const [first] = await childrenOf(gateway.pid);
    process.kill(first!, "SIGKILL");
    await waitUntil("another worker", async () => {
      const { body } = await gateway.api("/api/overview");
      return body.processes === WORKERS && !(await childrenOf(gateway.pid)).includes(first!);
    });
    expect((await gateway.api("/api/overview")).body.total).toEqual(before.total);
  }, 60_000);
});

test("the log has the port of the admin listener once", () => {
  const lines = gateway.lines().filter((line) => "admin_port" in line);
  expect(lines).toMatchObject([
    { msg: "admin listening", admin_port: Number(new URL(gateway.admin).port) },
  ]);
});

test("without a worker that responds, nothing is changed and nothing is unknown", async () => {
  await using gateway = await startAdmin(upstream.url, { workers: WORKERS });
  const { id } = CREDENTIAL;
  const workers = await childrenOf(gateway.pid);
  for (const worker of workers) process.kill(worker, "SIGSTOP");
  const silent = {
    status: 503,
    body: { code: "workers_silent", detail: expect.stringContaining("Try again") },
  };
  const revoked = { app: id, token: "unheard" };
  const [made, lifted, read] = await Promise.all([
    gateway.revoke(revoked),
    gateway.revoke(revoked, "DELETE"),
    gateway.api(`/api/ledger?app=${id}`),
  ]);
  expect([made, lifted, read]).toMatchObject([silent, silent, silent]);
  for (const worker of workers) process.kill(worker, "SIGCONT");
  const { body } = await gateway.api("/api/revocations");
  expect(body.revocations).toEqual([]);
  expect(await gateway.revoke(revoked)).toMatchObject({ status: 201 });
});
