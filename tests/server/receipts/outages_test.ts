import { afterAll, expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import {
  type Answer,
  RECEIPT_SECRET,
  startReceiptBackend,
} from "../../support/receipts/receipt_backend.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { appWithReceipts, call, missingIn, startAnswering } from "./receipt_stage.ts";

const upstream = startAnswering();
const rules = [{ url: `${upstream.url}/` }];
afterAll(() => upstream[Symbol.dispose]());

const ok = () => new Response(null, { status: 204 });
const twice =
  (fault: () => Response | Promise<Response>): Answer =>
  (attempt) =>
    attempt <= 2 ? fault() : ok();

const OUTAGES: Readonly<Record<string, Answer>> = {
  "fails with 500": twice(() => new Response("no", { status: 500 })),
  "is gone with 410": twice(() => new Response("no", { status: 410 })),
  "refuses with 400": twice(() => new Response("no", { status: 400 })),
  redirects: twice(() => Response.redirect(`${upstream.url}/elsewhere`, 307)),
  "answers without an end": (attempt) =>
    attempt === 1 ? new Response(new ReadableStream({ pull: () => Bun.sleep(60_000) })) : ok(),
  "is slow": async (attempt) => {
    if (attempt === 1) await Bun.sleep(25_000);
    return ok();
  },
};

test("a backend gets each receipt, whatever happens to it", async () => {
  const backends = Object.entries(OUTAGES).map(([name, answer]) => {
    const backend = startReceiptBackend(answer);
    return { id: name, backend, app: appWithReceipts(backend, rules, { id: name }) };
  });
  const port = await freePort();
  const dead = appWithReceipts({ url: `http://127.0.0.1:${port}/` }, rules, { id: "is dead" });
  const app = [...backends.map((one) => one.app), dead];
  await using gateway = await startConfigured({ app });
  const ids = app.map(({ id }) => id);
  const asked = await Promise.all(
    ids.flatMap((id) =>
      [1, 2, 3].map(async () => ({ id, ...(await call(gateway, upstream, { id })) })),
    ),
  );
  expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 200));
  await Bun.sleep(2_000);
  const risen = startReceiptBackend(ok, port);
  const all = [...backends, { id: "is dead", backend: risen }];
  for (const { id, backend } of all) {
    const wanted = asked.filter((one) => one.id === id).map(({ requestId }) => requestId);
    await waitUntil(
      `receipts of one that ${id}`,
      async () => missingIn(backend.taken, wanted).length === 0,
      60_000,
    );
    expect(backend.taken.every((receipt) => receipt.app === id)).toBe(true);
    await backend[Symbol.asyncDispose]();
  }
  const warned = gateway.lines().filter(({ code }) => code === "receipts_unsent");
  expect(
    Object.fromEntries(warned.map(({ app: id, reason }) => [String(id), reason])),
  ).toMatchObject({
    "fails with 500": "status 500",
    "is gone with 410": "status 410",
    "refuses with 400": "status 400",
    redirects: "status 307",
    "is slow": "it took too long",
  });
  expect(gateway.stdout()).not.toContain("tenant=7");
  expect(gateway.stdout()).not.toContain(RECEIPT_SECRET);
}, 120_000);
