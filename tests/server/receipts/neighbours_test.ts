import { afterAll, expect, test } from "bun:test";
import { type Answer, startReceiptBackend } from "../../support/receipts/receipt_backend.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { appWithReceipts, call, startAnswering } from "./receipt_stage.ts";

const upstream = startAnswering();
const rules = [{ url: `${upstream.url}/` }];
afterAll(() => upstream[Symbol.dispose]());

const taken = () => new Response(null, { status: 204 });

/** Starts a backend, and an app that sends it receipts. */
function startApp(id: string, answer: Answer) {
  const backend = startReceiptBackend(answer);
  return { id, backend, app: appWithReceipts(backend, rules, { id }) };
}

test("many slow backends with new receipts all the time do not keep those of others waiting", async () => {
  const slow = Array.from({ length: 24 }, (_, i) =>
    startApp(`slow ${i}`, async () => {
      await Bun.sleep(4_000);
      return taken();
    }),
  );
  const other = startApp("other", taken);
  await using gateway = await startConfigured({ app: [...slow, other].map(({ app }) => app) });
  let isOver = false;
  const feeding = (async () => {
    while (!isOver) {
      for (const { id } of slow) await call(gateway, upstream, { id });
      await Bun.sleep(100);
    }
  })();
  await waitUntil("slow messages", async () =>
    slow.some(({ backend }) => backend.messages.length > 0),
  );
  await call(gateway, upstream, { id: "other" });
  await waitUntil("the receipt", async () => other.backend.taken.length === 1);
  // A slow backend gets its own ones all the same.
  await waitUntil(
    "the others",
    async () => slow.every(({ backend }) => backend.taken.length > 0),
    60_000,
  );
  isOver = true;
  await feeding;
}, 120_000);

test("a gateway that stops sends what waits, also beside a silent backend and after a failure", async () => {
  const silent = startApp("silent", async () => {
    await Bun.sleep(60_000);
    return taken();
  });
  let status = 500;
  const failing = startApp("failing", () => new Response(null, { status }));
  const other = startApp("other", taken);
  const app = [silent, failing, other].map((one) => one.app);
  await using gateway = await startConfigured({ app });
  await call(gateway, upstream, { id: "silent" });
  await call(gateway, upstream, { id: "failing" });
  // It is in a pause then.
  await waitUntil("three tries", async () => failing.backend.messages.length === 3, 30_000);
  status = 204;
  await call(gateway, upstream, { id: "other" });
  expect(await gateway.stop()).toBe(0);
  expect(silent.backend.messages).toHaveLength(1);
  expect(other.backend.taken).toHaveLength(1);
  expect(failing.backend.taken).toHaveLength(1);
}, 60_000);
