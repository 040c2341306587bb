import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { fileURLToPath } from "node:url";
import { type Gateway, startGateway } from "../../examples/demo/gateway.ts";
import { MODEL, startUpstream } from "../../examples/demo/upstream.ts";
import { launchChromium } from "../support/chromium.ts";
import { requirement } from "../support/requirement.ts";
import { type Conversation, converse, DUMMY_KEY } from "./openai_client.ts";
import { createSign } from "./openai_signer.ts";

const KEY = `sk-test-${crypto.randomUUID()}`;
const CREDENTIAL = { id: "conformance", secret: crypto.randomUUID() };
const BUNDLES = fileURLToPath(new URL("../../.cache/conformance/", import.meta.url));

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
  expectConversation(await converse(upstream, createSign({ gateway, ...CREDENTIAL })));
}, 30_000);

test.skipIf("reason" in node)(
  "the openai client in Node streams through signed URLs",
  async () => {
    if ("reason" in node) throw new Error(node.reason);
    const script = await bundle("openai_node.ts", "node");
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

test.skipIf("reason" in chromium)(
  "the openai client in Chromium streams through signed URLs",
  async () => {
    if ("reason" in chromium) throw new Error(chromium.reason);
    const script = await bundle("openai_browser.ts", "browser");
    const backend = startBackend(script);
    const page = await chromium.value.newPage();
    await page.goto(String(backend.url));
    const conversation: Conversation = await page.evaluate(`converse("${upstream}")`);
    await page.close();
    await backend.stop(true);
    expectConversation(conversation);
  },
  60_000,
);

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

function startBackend(script: string) {
  const sign = createSign({ gateway, ...CREDENTIAL });
  const html = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/client.js"></script>`;
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: {
      "/": new Response(html, { headers: { "content-type": "text/html" } }),
      "/client.js": Bun.file(script),
      "/sign": {
        POST: async (request) => {
          const { upstream, method, body } = await request.json();
          return new Response(await sign(upstream, method, body));
        },
      },
    },
  });
}

async function bundle(name: string, target: "node" | "browser"): Promise<string> {
  const entry = fileURLToPath(new URL(name, import.meta.url));
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    outdir: BUNDLES,
    naming: "[name].mjs",
    target,
    external: target === "node" ? ["openai"] : [],
  });
  return outputs[0]?.path ?? "";
}
