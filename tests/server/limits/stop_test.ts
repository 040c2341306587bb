import { expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { FIN, startUpstream, type Step } from "../../support/raw_upstream.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { freshToken, startCountingGateway } from "./limited_server.ts";

const { id, secret } = CREDENTIAL;
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
const FIRST = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}\n\n';
const LAST =
  'data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}\n\ndata: [DONE]\n\n';
const BODY = JSON.stringify({
  model: "m",
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: "user", content: "a" }],
});

/** A gateway and the upstream of an exchange whose client has left. */
async function abandoned(drain: number, stepsOf: (gate: () => Promise<void>) => Step[]) {
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  const upstream = await startUpstream(stepsOf(() => gate));
  const rule = { url: `${upstream.url}/`, provider: "openai" as const };
  const gateway = await startCountingGateway({
    drain,
    app: [{ id, secrets: [secret], upstream: [rule] }],
  });
  const token = await freshToken({ tokens: 10_000, onAbort: "drain" });
  using client = await connect(gateway.port);
  const path = `/${new URL(upstream.url).host}/v1/chat/completions`;
  const headers = [`Authorization: Bearer ${token}`, "Content-Type: application/json"];
  await client.write(requestBytes("POST", path, { headers, body: BODY }));
  await waitFor("the request", () => upstream.requests.length === 1);
  if (stepsOf === IN_THE_STREAM) {
    await waitFor("the first event", () => client.received().includes(FIRST));
  }
  return { upstream, gateway, openGate };
}

const BEFORE_THE_HEAD = (gate: () => Promise<void>): Step[] => [gate, HEAD + FIRST + LAST, FIN];
const IN_THE_STREAM = (gate: () => Promise<void>): Step[] => [HEAD + FIRST, gate, LAST, FIN];

test.each([
  ["before the head", BEFORE_THE_HEAD],
  ["in the stream", IN_THE_STREAM],
])(
  "a gateway that stops reads to its end what a client left %s",
  async (_, stepsOf) => {
    const { upstream, gateway, openGate } = await abandoned(30, stepsOf);
    const stopped = gateway.stop();
    await waitFor("the stop", () => gateway.lines().find(({ msg }) => msg === "stopping"));
    openGate();
    expect(await stopped).toBe(0);
    const usage = { input_tokens: 7, output_tokens: 3 };
    expect(gateway.records()).toMatchObject([{ outcome: "client_gone", ...usage }]);
    await upstream.stop();
  },
  60_000,
);

test("but not beyond its drain time", async () => {
  const { upstream, gateway } = await abandoned(1, BEFORE_THE_HEAD);
  expect(await gateway.stop()).toBe(0);
  await upstream.stop();
}, 60_000);
