import { afterAll, describe, expect, test } from "bun:test";
import { signToken, signUrl } from "../../../lib/signing/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { freePort } from "../../support/free_port.ts";
import { type Receipt, startReceiptBackend } from "../../support/receipts/receipt_backend.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { startSocketUpstream } from "../../support/sockets/socket_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { folderWith } from "../../support/folder.ts";
import { BILLED_CALLS } from "../limits/billed_calls.ts";
import { billedRules, PRICES, send, startBilling } from "../limits/billed_gateway.ts";
import { freshToken, startCountingGateway } from "../limits/limited_server.ts";
import { appWithReceipts, call, startAnswering } from "./receipt_stage.ts";

const MODEL = "m-cached-thinking";
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const backend = startReceiptBackend();
const billing = startBilling(0);
const plain = startAnswering();
const realtime = await startSocketUpstream();
const nowhere = `http://127.0.0.1:${await freePort()}/`;
const folder = await folderWith({ "prices.json": PRICES });
const gateway = await startCountingGateway({
  prices: folder.path("prices.json"),
  app: [
    appWithReceipts(backend, [
      ...billedRules(billing.providers),
      { url: `${plain.url}/` },
      { url: nowhere },
      { url: realtime.url.replace("ws", "http"), provider: "openai" },
    ]),
    { id: "without", secrets: [CREDENTIAL.secret], upstream: [{ url: `${plain.url}/` }] },
  ],
});
afterAll(async () => {
  for (const one of [gateway, backend, billing, realtime, folder]) await one[Symbol.asyncDispose]();
  plain[Symbol.dispose]();
});

const receiptsOf = (requestId: string) =>
  backend.taken.filter(({ request_id: id }) => id === requestId);
const receiptOf = (requestId: string): Promise<Receipt> =>
  waitFor(`the receipt of ${requestId}`, () => receiptsOf(requestId)[0]);

describe("a receipt tells", () => {
  test("what a model used, what it costs and what the ledger was charged", async () => {
    const token = await freshToken({ tokens: 10_000, jti: "t-1", subject: "ada é" });
    const response = await send({ gateway, billing, token }, BILLED_CALLS["chat"]!, {
      model: MODEL,
      text: "CANARY one two three",
      cap: 200,
    });
    const text = await response.text();
    expect(response.status).toBe(200);
    const receipt = await receiptOf(response.headers.get("x-sw-request-id")!);
    const { model, inputTokens, outputTokens, cachedTokens } = billing.providers.openai.bill[0]!;
    expect(receipt).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}\.[\da-z]+$/),
      revision: 1,
      request_id: response.headers.get("x-sw-request-id")!,
      app: CREDENTIAL.id,
      subject: "ada é",
      jti: "t-1",
      model,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cached_tokens: cachedTokens,
      reasoning_tokens: expect.any(Number),
      cost_usd: billing.billOf(MODEL).microDollars / 1e6,
      charged: { tokens: inputTokens + outputTokens },
      bytes_in: expect.any(Number),
      bytes_out: text.length,
      status: 200,
      outcome: "complete",
      started_at: expect.stringMatching(ISO),
      ended_at: expect.stringMatching(ISO),
    });
    expect(receipt["ended_at"]! >= receipt["started_at"]!).toBe(true);
    expect(JSON.stringify(backend.messages)).not.toContain("CANARY");
  });

  test("of a signed URL, which has no subject and no token", async () => {
    const { id, secret } = CREDENTIAL;
    const url = await signUrl(`${plain.url}/?a=CANARY`, { id, secret, gateway: gateway.url });
    const response = await fetch(url);
    await response.text();
    const receipt = await receiptOf(response.headers.get("x-sw-request-id")!);
    expect(receipt).toMatchObject({
      outcome: "complete",
      status: 200,
      bytes_out: 100,
      charged: {},
    });
    expect(receipt).not.toContainAnyKeys(["subject", "jti", "model", "cost_usd"]);
    expect(JSON.stringify(backend.messages)).not.toContain("CANARY");
  });

  test("of an upstream that cannot be reached, that nothing was used", async () => {
    const { requestId, status } = await call(gateway, { url: nowhere });
    expect(status).toBe(502);
    const receipt = await receiptOf(requestId);
    expect(receipt).toMatchObject({ outcome: "upstream_failed", status: 502, bytes_out: 0 });
    expect(receipt).toMatchObject({ code: "upstream_unreachable", charged: {} });
  });

  test("each counted response of a WebSocket, and the WebSocket itself", async () => {
    const token = await freshToken({ tokens: 100_000, models: ["gpt-realtime*"], subject: "bob" });
    const path = `/127.0.0.1:${realtime.port}/v1/realtime?model=gpt-realtime-2`;
    const client = await openSocket(gateway, path, [
      `Authorization: Bearer ${token}`,
      "X-Request-Id: the-session",
    ]);
    const server = await realtime.next();
    await server.message();
    for (const output of [20, 30]) {
      await client.text(JSON.stringify({ type: "response.create" }));
      await server.message();
      const usage = { total_tokens: 10 + output, input_tokens: 10, output_tokens: output };
      await server.text(JSON.stringify({ type: "response.done", response: { usage } }));
      await client.message();
    }
    client.socket.destroy();
    const found = await waitFor("three receipts", () => {
      const receipts = receiptsOf("the-session");
      return receipts.length === 3 ? receipts : undefined;
    });
    const summary = found.map(({ output_tokens: output, charged, subject, bytes_out: bytes }) => ({
      ...{ output, charged, subject },
      isSession: bytes !== undefined,
    }));
    expect(summary).toEqual([
      { output: 20, charged: { tokens: 30 }, subject: "bob", isSession: false },
      { output: 30, charged: { tokens: 40 }, subject: "bob", isSession: false },
      { output: undefined, charged: { tokens: 0 }, subject: "bob", isSession: true },
    ]);
  });
});

test("a request that is refused has no receipt, and an app without the table has none", async () => {
  const before = backend.taken.length;
  const token = await signToken({ id: CREDENTIAL.id, secret: "another secret, of 32 bytes or so" });
  const refused = await fetch(`${gateway.url}/${new URL(plain.url).host}/`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(refused.status).toBe(401);
  expect((await call(gateway, plain, { id: "without" })).status).toBe(200);
  const last = await call(gateway, plain);
  await receiptOf(last.requestId);
  expect(backend.taken).toHaveLength(before + 1);
});
