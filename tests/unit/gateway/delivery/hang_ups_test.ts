import { afterAll, describe, expect, test } from "bun:test";
import type { UsageReading } from "../../../../lib/gateway/model/checked_request.ts";
import { inParallel } from "../../../support/in_parallel.ts";
import { randomOf } from "../../../support/ledger/simulation/events.ts";
import { OPENAI } from "../../../support/providers/openai.ts";
import { billedTokens, startProvider } from "../../../support/providers/provider_server.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { costOf, type CountedGateway, startCounted } from "./counted_gateway.ts";

const HANG_UPS = 150;
const AT_ONCE = 10;
const TEXT = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
const BODY = JSON.stringify({
  model: "m",
  messages: [{ role: "user", content: TEXT }],
  stream: true,
  stream_options: { include_usage: true },
});
/** The answer takes about this long, in milliseconds. */
const DURATION = 80;

const provider = startProvider(OPENAI, { key: "sk-test", paceMs: 1 });
const gateways: CountedGateway[] = [];

afterAll(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const readerFor: UsageReading["readerFor"] = () => {
  let text = "";
  return {
    read: (piece) => void (text += Buffer.from(piece).toString()),
    report() {
      const [, input, output] = /"prompt_tokens":(\d+),"completion_tokens":(\d+)/.exec(text) ?? [];
      if (input === undefined || !text.includes("[DONE]")) return undefined;
      return { input: Number(input), output: Number(output) };
    },
  };
};

function start(onAbort: "charge" | "drain"): CountedGateway {
  const gateway = startCounted({
    upstream: provider.origin,
    permits: { onAbort },
    rule: { headers: [["Authorization", "Bearer sk-test"]] },
    checked: { usage: { readerFor, costOf } },
  });
  gateways.push(gateway);
  return gateway;
}

async function hangUp(gateway: CountedGateway, ms: number): Promise<void> {
  const client = new AbortController();
  const { signal } = client;
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: BODY, signal };
  const reading = fetch(`${gateway.url}/v1/chat/completions`, init).then((it) => it.text());
  setTimeout(() => client.abort(), ms);
  await reading.catch(() => {});
}

describe.each(["charge", "drain"] as const)("%s", (onAbort) => {
  test("charges what is billed, whenever clients hang up", async () => {
    const gateway = start(onAbort);
    provider.bill.length = 0;
    const seed = Math.floor(Math.random() * 1e9);
    const random = randomOf(seed);
    await inParallel(HANG_UPS, AT_ONCE, () => hangUp(gateway, random() * DURATION * 1.5));
    await waitFor("every end", () => gateway.records.length === gateway.transfers.length);
    const { tokens = [0, 0], concurrent = [0, 0] } = gateway.amounts();
    const billed = billedTokens(provider.bill);
    console.log(`seed ${seed}: ${billed} tokens billed, ${tokens[0]} charged`);
    expect([tokens[1], concurrent[1]]).toEqual([0, 0]);
    expect(billed).toBeGreaterThan(0);
    if (onAbort === "drain") expect(tokens[0]).toBe(billed);
    else expect(tokens[0]).toBeGreaterThanOrEqual(billed);
    expect(gateway.errors).toEqual([]);
  }, 60_000);
});
