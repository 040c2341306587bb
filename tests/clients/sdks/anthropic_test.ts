import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { launchChromium } from "../chromium.ts";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { ANTHROPIC } from "../../support/providers/anthropic.ts";
import { tokensOf } from "../../support/providers/answer.ts";
import { startProvider } from "../../support/providers/provider_server.ts";
import { type Conversation, converse, DUMMY_KEY, QUESTION } from "./anthropic_client.ts";
import { bundle, startBackend } from "./backend.ts";
import { createLateSign, createSign, type Sign, signRequests } from "./backend_signer.ts";

const KEY = `sk-ant-${crypto.randomUUID()}`;
const chromium = await launchChromium();
const upstream = startProvider(ANTHROPIC, { key: KEY });
const seen = upstream.requests;
const gateway = await startGateway({
  args: ["--upstream", upstream.origin, "--header", `Authorization: Bearer ${KEY}`],
});
const credential = { gateway: gateway.url, ...CREDENTIAL };

afterEach(() => void seen.splice(0));
afterAll(async () => {
  await gateway.stop();
  await upstream[Symbol.asyncDispose]();
  if ("value" in chromium) await chromium.value.close();
});

test("the anthropic client in Bun streams through a signed URL", async () => {
  expectConversation(await converse(upstream.origin, signRequests(createSign(credential))));
});

describe.skipIf("reason" in chromium)("the anthropic client in Chromium", () => {
  test("streams through a signed URL", async () => {
    expectConversation(await converseInChromium(createSign(credential)));
  }, 60_000);

  test("goes on with a new URL when the first had expired, once and only once", async () => {
    let count = 0;
    const late = createLateSign(credential);
    const sign: Sign = (...request) => (count++ ? createSign(credential) : late)(...request);
    expectConversation(await converseInChromium(sign));
    expect(count).toBe(2);
    count = 0;
    const alwaysLate: Sign = (...request) => (count++, late(...request));
    await expect(converseInChromium(alwaysLate)).rejects.toThrow("400");
    expect(count).toBe(2);
    expect(seen).toHaveLength(1);
  }, 60_000);
});

async function converseInChromium(sign: Sign): Promise<Conversation> {
  if ("reason" in chromium) throw new Error(chromium.reason);
  const backend = startBackend(await bundle("anthropic_browser.ts", "browser"), sign);
  const page = await chromium.value.newPage();
  try {
    await page.goto(String(backend.url));
    return await page.evaluate(`converse("${upstream.origin}")`);
  } finally {
    await page.close();
    await backend.stop(true);
  }
}

function expectConversation({ pieces, events, ...end }: Conversation): void {
  const words = tokensOf(QUESTION);
  expect(pieces).toEqual(words);
  expect(end).toEqual({ text: QUESTION, stopReason: "end_turn", outputTokens: words.length });
  expect(events).toEqual([
    "message_start",
    "content_block_start",
    ...words.map(() => "content_block_delta"),
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(seen).toHaveLength(1);
  expect(seen[0]!.headers.get("authorization")).toBe(`Bearer ${KEY}`);
  expect(JSON.stringify([...seen[0]!.headers])).not.toContain(DUMMY_KEY);
}
