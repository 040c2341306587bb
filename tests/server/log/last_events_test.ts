import { afterAll, expect, test } from "bun:test";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const SECRET = "a secret for last events, of 32 bytes";
const EVENTS =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/** By path: an event, and the one after which SDKs leave. The body does not end. */
const STREAMS = {
  "/v1/chat/completions": ['data: {"choices":[]}\n\n', "data: [DONE]\n\n"],
  "/v1/responses": [
    'event: response.created\ndata: {"type":"response.created"}\n\n',
    'event: response.completed\ndata: {"type":"response.completed","response":{}}\n\n',
  ],
  "/anthropic/v1/messages": [
    'event: message_start\ndata: {"type":"message_start","message":{}}\n\n',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  ],
} as const;

const upstream = await startUpstream(({ startLine }) => {
  const [, path = "", count] = /(\/[a-z1/]+)\?count=(\d)/.exec(startLine) ?? [];
  const events = STREAMS[path as keyof typeof STREAMS].slice(0, Number(count));
  return [EVENTS + chunk(events.join(""))];
});
const gateway = await startConfigured({
  app: [
    {
      id: "one",
      secrets: [SECRET],
      upstream: [
        { url: `${upstream.url}/anthropic/`, provider: "anthropic" },
        { url: `${upstream.url}/v1/`, provider: "openai" },
      ],
    },
  ],
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function outcomeOfLeaving(path: keyof typeof STREAMS, count: number) {
  const url = `${upstream.url}${path}?count=${count}`;
  const target = signedTarget(gateway.url, url, { id: "one", secret: SECRET, method: "POST" });
  const leave = new AbortController();
  const response = await fetch(new URL(target, gateway.url), {
    method: "POST",
    signal: leave.signal,
  });
  const reader = response.body!.getReader();
  const expected = STREAMS[path].slice(0, count).join("");
  for (let text = ""; text !== expected;) {
    text += Buffer.from((await reader.read()).value!).toString();
  }
  const id = response.headers.get("x-sw-request-id");
  leave.abort();
  const record = await gateway.waitForRecord(({ request_id }) => request_id === id);
  return record["outcome"];
}

const PATHS = Object.keys(STREAMS) as (keyof typeof STREAMS)[];

test.each(PATHS)("a client that leaves at the last event of %s got all of it", async (path) => {
  expect(await outcomeOfLeaving(path, 2)).toBe("complete");
});

test.each(PATHS)("a client that leaves %s before is gone", async (path) => {
  expect(await outcomeOfLeaving(path, 1)).toBe("client_gone");
});
