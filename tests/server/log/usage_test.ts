import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { freePort } from "../../support/free_port.ts";
import { metricsAt, sumOf } from "../../support/prometheus.ts";
import { OPENAI } from "../../support/providers/openai.ts";
import { startProvider } from "../../support/providers/provider_server.ts";
import { signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const SECRET = "a secret for usage, of 32 bytes ...";
const KEY = "sk-operator";
const provider = startProvider(OPENAI, { key: KEY });
const adminPort = await freePort();
const headers = { Authorization: `Bearer ${KEY}` };
const CONFIG: ConfigInput = {
  admin: `127.0.0.1:${adminPort}`,
  app: [
    {
      id: "one",
      secrets: [SECRET],
      upstream: [
        { url: `${provider.origin}/v1/`, provider: "openai", headers },
        { url: `${provider.origin}/`, provider: "openai", headers, usage: false },
      ],
    },
  ],
};
const gateway = await startConfigured(CONFIG);
const folder = await mkdtemp(join(tmpdir(), "signway-prices-"));
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
  await provider[Symbol.asyncDispose]();
});

/** Asks for a completion of two tokens for three, and returns the line of the log. */
async function ask(more: object) {
  const before = gateway.records().length;
  const body = { model: "gpt-5-mini", messages: [{ role: "user", content: "one two" }], ...more };
  const target = signedTarget(gateway.url, `${provider.origin}/v1/chat/completions`, {
    id: "one",
    secret: SECRET,
    method: "POST",
  });
  const response = await fetch(new URL(target, gateway.url), {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const text = await response.text();
  await waitFor("the record", () => gateway.records().length > before);
  return { text, record: gateway.records().at(-1)! };
}

const USED = { model: "gpt-5-mini", input_tokens: 2, output_tokens: 2, cost_usd: 0.0000045 };

describe("the log and the metrics have the usage of", () => {
  test.each([
    ["a body of JSON", {}],
    ["a stream that tells it", { stream: true, stream_options: { include_usage: true } }],
  ])("%s", async (_, more) => {
    const metrics = await metricsAt(adminPort);
    const { record } = await ask(more);
    expect(record).toMatchObject(USED);
    const after = await metricsAt(adminPort);
    const growth = (name: string, labels: Record<string, string>) =>
      sumOf(after, name, labels) - sumOf(metrics, name, labels);
    const labels = { app: "one", upstream: provider.host, model: "gpt-5-mini" };
    expect(growth("signway_llm_tokens_total", { ...labels, type: "input" })).toBe(2);
    expect(growth("signway_llm_tokens_total", { ...labels, type: "output" })).toBe(2);
    expect(growth("signway_llm_cost_dollars_total", labels)).toBeCloseTo(0.0000045, 9);
  });
});

test("a stream that does not tell it has none, and is not changed", async () => {
  const { text, record } = await ask({ stream: true });
  expect(text).not.toContain("usage");
  expect(record).not.toHaveProperty("input_tokens");
  expect(JSON.parse(new TextDecoder().decode(provider.requests.at(-1)!.body))).not.toHaveProperty(
    "stream_options",
  );
});

test("a reload reads the file of prices, and a mistake leaves the old ones in force", async () => {
  const prices = join(folder, "prices.json");
  const write = (model: object) =>
    Bun.write(prices, JSON.stringify({ openai: { "gpt-5-*": model } }));
  await write({ input_mtok: 1, output_mtok: 2 });
  const loaded = await gateway.reconfigure({ ...CONFIG, prices });
  expect(loaded).toMatchObject({ msg: "configuration loaded", changed: ["prices"] });
  expect((await ask({})).record).toMatchObject({ cost_usd: 0.000006 });
  await write({ input_mtok: "1" });
  await expect(gateway.reconfigure({ ...CONFIG, prices })).rejects.toThrow(
    "openai.gpt-5-*.input_mtok must be a number of dollars",
  );
  expect((await ask({})).record).toMatchObject({ cost_usd: 0.000006 });
});

test("the metrics tell the day of the prices", async () => {
  const metrics = await metricsAt(adminPort);
  expect(sumOf(metrics, "signway_prices_timestamp_seconds", {})).toBe(
    Date.parse("2026-09-23") / 1000,
  );
});
