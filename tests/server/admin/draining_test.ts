import { afterAll, beforeAll, expect, test } from "bun:test";
import { CREDENTIAL, type LogLine } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { type AdminGateway, startAdmin } from "./revoking_stage.ts";

const EVENT = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}\n\n';
const bodyFor = (model: string) =>
  JSON.stringify({
    ...{ model, stream: true, stream_options: { include_usage: true } },
    messages: [{ role: "user", content: "a" }],
  });

let asked = 0;
let cancelled = 0;
/** An API whose stream has an event every 100 ms, and never ends. That of the model `late` has its head after 1.5 s. */
const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request) {
    asked++;
    if ((await request.json()).model === "late") await Bun.sleep(1_500);
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

interface Asked {
  id: string;
  subject: string;
  seconds?: number;
  /** Whether the head of the response comes late, and is not waited for. */
  isLate?: boolean;
}

/** Asks for a stream that is read to its end without its client, and waits for its first event. */
async function begin({ id, subject, seconds = 600, isLate = false }: Asked, of = gateway) {
  const token = await freshToken({ subject, tokens: 10_000, onAbort: "drain", seconds });
  const client = await connect(of.port);
  const headers = [
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `X-Request-Id: ${id}`,
  ];
  const path = `/${upstream.url.host}/v1/chat/completions`;
  const before = asked;
  await client.write(requestBytes("POST", path, { headers, body: bodyFor(isLate ? "late" : "m") }));
  await waitFor("the request", () => asked > before);
  if (!isLate) await waitFor("an event", () => client.received().includes(EVENT));
  return client;
}

/** The record of an exchange that ends within two seconds. */
async function recordOf(id: string): Promise<LogLine> {
  await waitUntil("the end", async () => !(await open()).includes(id), 2_000);
  return await waitFor("the record", () =>
    gateway.records().find(({ request_id }) => request_id === id),
  );
}

const UNREAD = "not read to its end: ended_by_operator";

test("an operator ends what is read without its client; a revocation does not, so that its usage counts", async () => {
  const before = cancelled;
  {
    using _client = await begin({ id: "left", subject: "one" });
  }
  await Bun.sleep(300);
  const revoked = await gateway.revoke({ app: CREDENTIAL.id, subject: "one" });
  expect(revoked.status).toBe(201);
  await Bun.sleep(1_000);
  expect([await open(), cancelled]).toEqual([["left"], before]);
  expect((await endIt("left")).status).toBe(200);
  expect(await recordOf("left")).toMatchObject({ outcome: "client_gone", reason: UNREAD });
  await waitFor("the upstream", () => cancelled === before + 1);
}, 60_000);

test("an operator ends what was revoked, and is still read for its usage", async () => {
  const before = cancelled;
  using client = await begin({ id: "revoked", subject: "two" });
  await gateway.revoke({ app: CREDENTIAL.id, subject: "two" });
  await waitFor("the error", () => client.received().includes("token_revoked"));
  await Bun.sleep(1_000);
  expect([await open(), cancelled]).toEqual([["revoked"], before]);
  expect((await endIt("revoked")).status).toBe(200);
  expect(await recordOf("revoked")).toMatchObject({ code: "token_revoked", reason: UNREAD });
  await waitFor("the upstream", () => cancelled === before + 1);
}, 60_000);

test("an operator ends what a client still gets, and nothing more of it is read", async () => {
  const before = cancelled;
  using client = await begin({ id: "ended", subject: "three" });
  expect((await endIt("ended")).status).toBe(200);
  await waitFor("the error", () => client.received().includes("ended_by_operator"));
  expect(await recordOf("ended")).toMatchObject({
    outcome: "refused",
    code: "ended_by_operator",
  });
  await waitFor("the upstream", () => cancelled === before + 1);
}, 60_000);

test("a revocation does not end what a client left before the head, either", async () => {
  {
    using _client = await begin({ id: "early", subject: "four", isLate: true });
  }
  await Bun.sleep(300);
  await gateway.revoke({ app: CREDENTIAL.id, subject: "four" });
  await Bun.sleep(2_500);
  expect(await open()).toEqual(["early"]);
  await endIt("early");
  expect(await recordOf("early")).toMatchObject({ outcome: "client_gone" });
}, 60_000);

test.each([false, true])(
  "max_duration ends what is read without its client, also behind a shorter time of its token; before the head: %p",
  async (isLate) => {
    await using own = await startAdmin(upstream.url.origin, { max_duration: 4 });
    await acceptsNewTokens();
    const before = cancelled;
    {
      using _client = await begin({ id: "long", subject: "five", seconds: 2, isLate }, own);
    }
    await Bun.sleep(2_800);
    expect(cancelled).toBe(before);
    await waitFor("the upstream", () => cancelled === before + 1);
    const { outcome, reason } = await waitFor("the record", () => own.records()[0]);
    const isUnread = reason === "not read to its end: upstream_timeout";
    expect([outcome, isUnread]).toEqual(["client_gone", !isLate]);
  },
  60_000,
);
