import { afterAll, expect, test } from "bun:test";
import { respond, type Step } from "../../../support/raw_upstream.ts";
import { costOf, readerFor } from "./counted_gateway.ts";
import { settledIn, Stages, WHOLE } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const NOTHING_OF_TOKENS = { uses: [1, 0] };
const BODY = '{"message":"Too many requests."}';
const NAMED = "X-Amzn-ErrorType: ThrottlingException:http://internal.amazon.com/coral/";
const finishReader = () => ({ read: () => {}, all: undefined });

function awsError(status: string, body = BODY, names = [NAMED]): Step {
  return respond(body, { status, headers: ["Content-Type: application/json", ...names] });
}

test.each<[string, provider: string, Step, Record<string, unknown>]>([
  ["nothing of tokens: one of Bedrock", "bedrock", awsError("429 T"), NOTHING_OF_TOKENS],
  [
    "nothing of tokens: a refusal of its signature",
    "bedrock",
    awsError("403 F", '{"Message":"no"}'),
    NOTHING_OF_TOKENS,
  ],
  ["all: 424, that of a model of Bedrock", "bedrock", awsError("424 M"), WHOLE],
  ["all: 408 of Bedrock", "bedrock", awsError("408 R"), WHOLE],
  ["all: what a proxy answers for Bedrock", "bedrock", awsError("502 G", BODY, []), WHOLE],
  ["all: a page under the name of an error", "bedrock", awsError("502 G", "<html>"), WHOLE],
  ["all: the same of another API behind AWS", "openai", awsError("502 G"), WHOLE],
])("an error that the head names is charged %s", async (_, provider, step, expected) => {
  const called = { provider, operation: "chat", pricedAs: () => undefined, finishReader };
  const { gateway } = await stages.start([step], {
    checked: { usage: { readerFor, costOf, called } },
  });
  await (await fetch(`${gateway.url}/model/x/converse`, { method: "POST" })).text();
  await gateway.ended();
  expect(settledIn(gateway)).toEqual(expected);
});
