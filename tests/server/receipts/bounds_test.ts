import { afterAll, expect, test } from "bun:test";
import { SqliteStore } from "../../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { freePort } from "../../support/free_port.ts";
import { startReceiptBackend } from "../../support/receipts/receipt_backend.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { folderWith } from "../../support/folder.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { appWithReceipts, call, startAnswering } from "./receipt_stage.ts";

const upstream = startAnswering();
const folder = await folderWith();
afterAll(async () => {
  upstream[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

/** Leaves receipts of a gateway before in a file. */
async function leaveReceipts(path: string, count: number): Promise<void> {
  const store = new SqliteStore(path);
  const app = CREDENTIAL.id;
  for (let start = 0; start < count; start += 500) {
    const ids = Array.from({ length: Math.min(500, count - start) }, (_, i) => `a.${start + i}`);
    await Promise.all(
      ids.map(async (id) => {
        const receipt = JSON.stringify({ requestId: id, startedAt: Date.now() });
        await store.run({ kind: "reserve", app, owner: "a", id, demands: [], receipt });
        await store.run({ kind: "settle", app, owner: "a", id, report: {} });
      }),
    );
  }
  store.close();
}

test("10,000 receipts wait for a backend that is away, and the oldest are dropped, counted and warned of", async () => {
  const path = folder.path("ledger.db");
  await leaveReceipts(path, 9_999);
  const port = await freePort();
  const adminPort = await freePort();
  const app = [
    appWithReceipts({ url: `http://127.0.0.1:${port}/` }, [{ url: `${upstream.url}/` }]),
  ];
  const admin = `127.0.0.1:${adminPort}`;
  await using gateway = await startConfigured({ ledger: `sqlite:${path}`, admin, app });
  for (let i = 0; i < 5; i++) expect((await call(gateway, upstream)).status).toBe(200);
  const dropped = async () => {
    const text = await (await fetch(`http://${admin}/metrics`)).text();
    const [, count] = /^signway_receipts_dropped_total\{app="test-app"\} (\d+)$/m.exec(text) ?? [];
    const [, waiting] = /^signway_receipts_waiting\{app="test-app"\} (\d+)$/m.exec(text) ?? [];
    return { count, waiting };
  };
  await waitUntil("the count", async () => (await dropped()).count === "4", 30_000);
  expect(await dropped()).toEqual({ count: "4", waiting: "10000" });
  const lines = () => gateway.lines().filter(({ code }) => code === "receipts_dropped");
  expect(await waitFor("the warning", () => lines()[0])).toMatchObject({
    level: "warn",
    app: CREDENTIAL.id,
  });
  await using backend = startReceiptBackend(undefined, port);
  await waitUntil("the rest", async () => backend.taken.length === 10_000, 60_000);
  expect(backend.taken[0]).toMatchObject({ id: "a.4", outcome: "not_sent" });
  expect(backend.messages.every(({ receipts }) => receipts.length <= 100)).toBe(true);
  expect(lines()).toHaveLength(1);
}, 120_000);
