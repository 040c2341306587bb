import { expect, test } from "bun:test";
import { recordOfSocket } from "./socket_stage.ts";
import { realtimeStage, SW } from "./realtime_stage.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { granting } from "../../support/minted.ts";

const stage = await realtimeStage();
const { gateway, upstream, pathTo } = stage;

const done = (input: number, output: number, cached: number) =>
  JSON.stringify({
    type: "response.done",
    response: {
      usage: {
        total_tokens: input + output,
        input_tokens: input,
        output_tokens: output,
        input_token_details: { text_tokens: input, cached_tokens: cached },
      },
    },
  });

test.each<[what: string, sw: object]>([
  ["without a policy", {}],
  ["under a policy", SW],
])("%s, the record has the sum of what the responses report", async (_, sw) => {
  const authorization = `Authorization: Bearer ${granting(sw)}`;
  const client = await openSocket(gateway, pathTo("?model=gpt-realtime"), [authorization]);
  const server = await upstream.next();
  await server.text('{"type":"session.created"}');
  await server.text(done(1_000_000, 10, 4));
  await server.text('{"type":"response.output_text.delta","delta":"\\"response.done\\""}');
  await server.text('{"type":"response.done","response":{"usage":null}}');
  await server.text(done(200, 1_000_000, 0));
  for (let index = 0; index < 5; index++) await client.message();
  await client.close(1000);
  const record = await recordOfSocket({ gateway }, client);
  expect(record).toMatchObject({
    model: "gpt-realtime",
    input_tokens: 1_000_200,
    output_tokens: 1_000_010,
    cached_tokens: 4,
  });
  // Of text and speech the dearer price is taken, which is a few dozen dollars for a million tokens of each kind.
  expect(Number(record["cost_usd"])).toBeGreaterThan(20);
});

test("without a report it has none", async () => {
  const count = gateway.records().length;
  const { client, server } = await stage.openSession();
  await server.text('{"type":"session.created"}');
  await client.message();
  await client.close(1000);
  await gateway.waitForRecord(() => gateway.records().length > count);
  expect(gateway.records().at(-1)).not.toHaveProperty("input_tokens");
});
