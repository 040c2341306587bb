import { afterAll, beforeAll, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { type AdminGateway, startAdmin } from "./revoking_stage.ts";

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}\n\n';
const BODY = JSON.stringify({
  ...{ model: "m", stream: true, stream_options: { include_usage: true } },
  messages: [{ role: "user", content: "a" }],
});

let cancelled = 0;
/** An API whose stream has an event every 100 ms, and never ends. */
const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  fetch() {
    let timer: Timer;
    const body = new ReadableStream({
      start: (controller) => {
        timer = setInterval(() => controller.enqueue(EVENT), 100);
      },
      cancel() {
        clearInterval(timer);
        cancelled++;
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  },
});
let gateway: AdminGateway;

beforeAll(async () => {
  gateway = await startAdmin(upstream.url.origin);
  await acceptsNewTokens();
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
}, 60_000);

const open = async (): Promise<string[]> =>
  (await gateway.api("/api/exchanges")).body.exchanges.map((it: any) => it.request_id);
const endIt = (id: string) => gateway.api(`/api/exchanges/${id}`, { method: "DELETE" });

/** Asks for a stream that is read to its end without its client. */
async function begin(id: string, subject: string) {
  const token = await freshToken({ subject, tokens: 10_000, onAbort: "drain", seconds: 600 });
  const client = await connect(gateway.port);
  const headers = [
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `X-Request-Id: ${id}`,
  ];
  const path = `/${upstream.url.host}/v1/chat/completions`;
  await client.write(requestBytes("POST", path, { headers, body: BODY }));
  await waitFor("an event", () => client.received().includes(EVENT));
  return client;
}

async function expectEnded(id: string): Promise<void> {
  await waitUntil("the end", async () => !(await open()).includes(id), 2_000);
  const { outcome } = await waitFor("the record", () =>
    gateway.records().find(({ request_id }) => request_id === id),
  );
  expect(outcome).toBeOneOf(["client_gone", "refused"]);
}

test("an operator ends what is read without its client; a revocation does not, so that its usage counts", async () => {
  const before = cancelled;
  {
    using _client = await begin("left", "one");
  }
  await Bun.sleep(300);
  const revoked = await gateway.revoke({ app: CREDENTIAL.id, subject: "one" });
  expect(revoked.status).toBe(201);
  await Bun.sleep(1_000);
  expect([await open(), cancelled]).toEqual([["left"], before]);
  expect((await endIt("left")).status).toBe(200);
  await expectEnded("left");
  await waitFor("the upstream", () => cancelled === before + 1);
}, 60_000);

test("an operator ends what was revoked, and is still read for its usage", async () => {
  const before = cancelled;
  using client = await begin("revoked", "two");
  await gateway.revoke({ app: CREDENTIAL.id, subject: "two" });
  await waitFor("the error", () => client.received().includes("token_revoked"));
  await Bun.sleep(1_000);
  expect([await open(), cancelled]).toEqual([["revoked"], before]);
  expect((await endIt("revoked")).status).toBe(200);
  await expectEnded("revoked");
  await waitFor("the upstream", () => cancelled === before + 1);
}, 60_000);
