import { expect, test } from "bun:test";
import type { LogLine } from "../../support/gateway.ts";
import { folderWith } from "../../support/folder.ts";
import { type Receipt, startReceiptBackend } from "../../support/receipts/receipt_backend.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { appWithReceipts } from "../receipts/receipt_stage.ts";

const EVENT = 'data: {"model":"gpt-5-mini","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
const CHAT = JSON.stringify({
  model: "gpt-5-mini",
  stream: true,
  max_completion_tokens: 100,
  messages: [{ role: "user", content: "hi" }],
});

/** Starts an upstream and a token endpoint in one. What it is asked for never ends. */
function startEndless() {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      if (!pathname.startsWith("/stream/")) return new Promise<Response>(() => {});
      const body = new ReadableStream({ start: (sink) => sink.enqueue(Buffer.from(EVENT)) });
      return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    },
  });
  const { origin, host } = server.url;
  return { origin, host, asked, [Symbol.dispose]: () => void server.stop(true) };
}

const PATHS = {
  "waits for its head": "/head/v1/chat/completions",
  "waits for its token": "/token/v1/chat/completions",
  "left at its head": "/head/v1/chat/completions",
  "left in its stream": "/stream/v1/chat/completions",
  "is in its stream": "/stream/v1/chat/completions",
};

const charged = { tokens: expect.any(Number) };

/** What each exchange of {@link PATHS} ends with. */
const EXPECTED = [
  { request_id: "is-in-its-stream", outcome: "gateway_stopped", status: 200, charged },
  { request_id: "left-at-its-head", outcome: "gateway_stopped", status: 499, charged },
  { request_id: "left-in-its-stream", outcome: "client_gone", status: 200, charged },
  { request_id: "waits-for-its-head", outcome: "gateway_stopped", status: 499, charged },
  { request_id: "waits-for-its-token", outcome: "gateway_stopped", status: 499, charged: {} },
];

const byId = <Of extends LogLine | Receipt>(entries: readonly Of[]): Of[] =>
  entries.toSorted((a, b) => `${a["request_id"]}`.localeCompare(`${b["request_id"]}`));

test.each([
  ["memory", 1],
  ["sqlite", 1],
  ["memory", 2],
])(
  "what a stop cuts has its line and its receipt: ledger in %s, workers: %i",
  async (ledger, workers) => {
    await using folder = await folderWith();
    await using backend = startReceiptBackend();
    using upstream = startEndless();
    const rule = (path: string) => ({
      url: `${upstream.origin}/${path}/v1/`,
      provider: "openai" as const,
      on_abort: "drain" as const,
    });
    const oauth = {
      token_url: `${upstream.origin}/access`,
      grant: "client_credentials" as const,
      client_id: "a",
      client_secret: "a secret for a test",
    };
    const rules = [rule("head"), rule("stream"), { ...rule("token"), oauth }];
    const config = {
      drain: 1,
      ledger: ledger === "sqlite" ? `sqlite:${folder.path("ledger.db")}` : ledger,
      workers,
      app: [appWithReceipts(backend, rules, { limits: { tokens: "1000000/day" } })],
    };
    await using gateway = await startConfigured(config);
    await acceptsNewTokens();
    const leaving = new AbortController();
    const responses = Object.entries(PATHS).map(async ([name, path]) => {
      const token = await freshToken({});
      const request = fetch(`${gateway.url}/${upstream.host}${path}`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${token}`,
          "Content-Type": "application/json",
          "X-Request-Id": name.replaceAll(" ", "-"),
        },
        body: CHAT,
        signal: name.startsWith("left") ? leaving.signal : null,
      });
      // Each is cut, or its client leaves.
      await request.then((response) => response.text()).catch(() => {});
    });
    await waitFor("the requests", () => upstream.asked.length === responses.length);
    // An exchange listens for the end of its client once it has lasted for 50 ms.
    await Bun.sleep(200);
    leaving.abort();
    await Bun.sleep(200);
    expect(gateway.records()).toEqual([]);

    const start = performance.now();
    expect(await gateway.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(3_000);
    await Promise.all(responses);
    expect(byId(gateway.records())).toMatchObject(EXPECTED.map(({ charged: _, ...line }) => line));
    const receipts = byId(backend.taken);
    expect(receipts).toMatchObject(EXPECTED);
    expect(receipts.map(({ charged }) => charged)).toEqual(EXPECTED.map(({ charged }) => charged));
  },
  60_000,
);
