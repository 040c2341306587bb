import { afterAll, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { freePort } from "../../support/free_port.ts";
import { metricsAt } from "../../support/prometheus.ts";
import { startReceiptBackend } from "../../support/receipts/receipt_backend.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { startReloading } from "../reload/reloading.ts";
import { appWithReceipts, call, startAnswering } from "./receipt_stage.ts";

const upstream = startAnswering();
afterAll(() => upstream[Symbol.dispose]());

const waitingOf = async (port: number, app: string) =>
  (await metricsAt(port)).filter(
    ({ name, labels }) => name === "signway_receipts_waiting" && labels["app"] === app,
  );

test("an app that has no receipts any more is not shown as one whose receipts wait", async () => {
  await using backend = startReceiptBackend(() => new Response(null, { status: 500 }));
  const port = await freePort();
  const rules = [{ url: `${upstream.url}/` }];
  const appsOf = (...ids: string[]) => ({
    app: ids.map((id) => appWithReceipts(backend, rules, { id })),
  });
  await using it = await startReloading({
    files: () => ({ "main.json": appsOf(CREDENTIAL.id, "leaving") }),
    args: ["--admin", `127.0.0.1:${port}`],
  });
  for (const id of [CREDENTIAL.id, "leaving"]) await call(it.gateway, upstream, { id });
  const isShown = async (app: string) => (await waitingOf(port, app)).length > 0;
  await waitUntil("the gauges", async () => (await isShown("leaving")) && isShown(CREDENTIAL.id));
  await it.replace("main.json", appsOf(CREDENTIAL.id));
  await it.reloads(1);
  await waitUntil("the end of its gauge", async () => !(await isShown("leaving")), 20_000);
  expect(await isShown(CREDENTIAL.id)).toBe(true);
});
