import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../../../examples/demo/gateway.ts";
import { MODEL, startUpstream } from "../../../examples/demo/upstream.ts";
import { launchChromium } from "../chromium.ts";
import { requirement } from "../../support/requirement.ts";
import { bundle, startBackend } from "./backend.ts";
import { createLateSign, createSign, type Sign, signRequests } from "./backend_signer.ts";
import { type Conversation, converse, DUMMY_KEY } from "./openai_client.ts";

const KEY = `sk-test-${crypto.randomUUID()}`;
const CREDENTIAL = { id: "conformance", secret: crypto.randomUUID() };

const chromium = await launchChromium();
const node = await requirement("node", async () => {
  const path = Bun.which("node");
  if (!path) throw new Error("there is no node in PATH");
  return path;
});

const seen: Headers[] = [];
const server = startUpstream({ key: KEY, paceMs: 5, observe: ({ headers }) => seen.push(headers) });
const upstream = `${server.url}v1/`;
let gatewayProcess: Gateway;
let gateway: string;

beforeAll(async () => {
  gatewayProcess = startGateway({ ...CREDENTIAL, upstream, key: KEY });
  gateway = await gatewayProcess.listening;
}, 30_000);
afterEach(() => void seen.splice(0));
afterAll(async () => {
  await gatewayProcess.stop();
  await server.stop(true);
  if ("value" in chromium) await chromium.value.close();
});

test("the openai client in Bun streams through signed URLs", async () => {
  expectConversation(
    await converse(upstream, signRequests(createSign({ gateway, ...CREDENTIAL }))),
  );
}, 30_000);

test.skipIf("reason" in node)(
  "the openai client in Node streams through signed URLs",
  async () => {
    if ("reason" in node) throw new Error(node.reason);
    const script = await bundle("openai_node.ts", "node", ["openai"]);
    const child = Bun.spawn([node.value, script], {
      env: { ...process.env, CONVERSATION: JSON.stringify({ upstream, gateway, ...CREDENTIAL }) },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [printed, complaints] = await Promise.all(
      [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
    );
    expect(complaints).toBe("");
    expectConversation(JSON.parse(printed ?? ""));
  },
  30_000,
);

describe.skipIf("reason" in chromium)("the openai client in Chromium", () => {
  test("streams through signed URLs", async () => {
    expectConversation(await converseInChromium(createSign({ gateway, ...CREDENTIAL })));
  }, 60_000);

  test("goes on with a new URL when the first had expired", async () => {
    const signers = [createLateSign, createSign, createLateSign, createSign];
    let count = 0;
    const sign: Sign = (...request) => signers[count++]!({ gateway, ...CREDENTIAL })(...request);
    expectConversation(await converseInChromium(sign));
    expect(count).toBe(4);
  }, 60_000);

  test("is told of a second expiry, and asks for no third URL", async () => {
    let count = 0;
    const sign: Sign = (...request) => {
      count++;
      return createLateSign({ gateway, ...CREDENTIAL })(...request);
    };
    await expect(converseInChromium(sign)).rejects.toThrow("400");
    expect(count).toBe(2);
    expect(seen).toEqual([]);
  }, 60_000);
});

async function converseInChromium(sign: Sign): Promise<Conversation> {
  if ("reason" in chromium) throw new Error(chromium.reason);
  const backend = startBackend(await bundle("openai_browser.ts", "browser"), sign);
  const page = await chromium.value.newPage();
  try {
    await page.goto(String(backend.url));
    return await page.evaluate(`converse("${upstream}")`);
  } finally {
    await page.close();
    await backend.stop(true);
  }
}

function expectConversation({ pieces, completionTokens, models }: Conversation): void {
  expect(models).toEqual([MODEL]);
  expect(pieces.join("")).toContain("Grüße – who are you? 🔑");
  expect(completionTokens).toBe(pieces.length);
  expect(seen.map((headers) => headers.get("authorization"))).toEqual([
    `Bearer ${KEY}`,
    `Bearer ${KEY}`,
  ]);
  expect(JSON.stringify(seen.map((headers) => [...headers]))).not.toContain(DUMMY_KEY);
}
