import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { Database } from "bun:sqlite";
import type { WaitingReceipt } from "../../lib/gateway/ledger/receipt.ts";
import type { ReceiptFacts } from "../../lib/gateway/record/receipt.ts";
import { usageEvent } from "../../lib/runtime/receipts/usage_event.ts";
import { messageId, webhookHeaders } from "../../lib/runtime/receipts/webhook_headers.ts";
import { Webhook } from "standardwebhooks";
import { brokenLinks, runPage } from "../support/doc_page.ts";
import { codesIn } from "../support/code_blocks.ts";
import { freePort } from "../support/free_port.ts";
import { RECEIPT_SECRET } from "../support/receipts/receipt_backend.ts";
import { ROOT } from "../support/root.ts";
import { waitUntil } from "../support/wait_until.ts";
import { appWithReceipts } from "../server/receipts/receipt_stage.ts";
import { BILLED_CALLS } from "../server/limits/billed_calls.ts";
import { billedRules, PRICES, send, startBilling } from "../server/limits/billed_gateway.ts";
import { freshToken, startCountingGateway } from "../server/limits/limited_server.ts";
import { type Folder, folderWith } from "../support/folder.ts";
import { runSignway } from "../support/run_signway.ts";

import { installPythonPackages } from "../support/virtual_environment.ts";

const PAGE = await Bun.file(`${ROOT}/docs/receipts.md`).text();

const facts: ReceiptFacts = {
  requestId: "7f0a2f5e-8a39-4c55-9d0f-2f3d6a1b9c77",
  subject: "user_42",
  tokenId: "0197c3f2",
  model: "gpt-5-mini-2025-08-07",
  ...{ inputTokens: 1200, outputTokens: 345, cachedTokens: 1024, reasoningTokens: 128 },
  costUsd: 0.0007596,
  ...{ bytesIn: 5120, bytesOut: 2048, status: 200 },
  code: "upstream_broken",
  outcome: "upstream_truncated",
  startedAt: Date.UTC(2027, 2, 1, 9, 30),
  endedAt: Date.UTC(2027, 2, 1, 9, 30, 2, 400),
};
const receipt: WaitingReceipt = {
  ...{ id: "0197c3f2-5d3e-4b0a-9d6c-6f1f0e2b7a11.2s", revision: 1, end: "settled" },
  charged: { bytes: 4096, tokens: 1545, cost: 759_600 },
  at: Date.UTC(2027, 2, 1, 9, 30, 2, 480),
  text: JSON.stringify(facts),
};

let folder: Folder;
beforeAll(async () => {
  folder = await folderWith({
    "prices.json": PRICES,
    "backend.mjs": `${codesIn(PAGE, "js")[0]!}
      process.on("SIGUSR2", () => console.log(JSON.stringify([...bills.values()])));`,
    "backend.py": codesIn(PAGE, "python")[0]!,
  });
  const library = createRequire(import.meta.url).resolve("standardwebhooks/package.json");
  await symlink(library.replace(/standardwebhooks.*$/, ""), folder.path("node_modules"));
});
afterAll(() => folder[Symbol.asyncDispose]());

describe("docs/receipts.md", () => {
  test("shows the event that the gateway sends, and describes each of its fields", () => {
    expect(JSON.parse(codesIn(PAGE, "json")[0]!)).toEqual(JSON.parse(usageEvent("web", [receipt])));
    const rows = PAGE.split("\n").filter((line) => /^\| `\w/.test(line));
    const described = rows.flatMap((row) => [...row.split("|")[1]!.matchAll(/`([\w.]+)`/g)]);
    const names = described.map(([, name]) => name!);
    const [entry] = JSON.parse(usageEvent("web", [receipt])).data;
    const { charged, ...rest } = entry;
    const sent = [...Object.keys(rest), ...Object.keys(charged).map((key) => `charged.${key}`)];
    expect(names.toSorted()).toEqual(sent.toSorted());
    for (const { outcome } of [{ outcome: "unknown" }, { outcome: "not_sent" }]) {
      const end = outcome === "unknown" ? "swept" : "released";
      const began = { ...receipt, end, text: "{}" } as const;
      expect(JSON.parse(usageEvent("web", [began])).data[0].outcome).toBe(outcome);
      expect(PAGE).toContain(`\`${outcome}\``);
    }
  });

  test("makes a secret that its configuration takes", async () => {
    const [made = ""] = await runPage(PAGE, folder.path("."));
    const run = await runSignway(["check", "signway.toml"], {
      env: { RECEIPTS_SECRET: made.trim(), OPENAI_KEY: "sk-1", SW_SECRET: "s".repeat(32) },
      files: { "signway.toml": codesIn(PAGE, "toml")[0]! },
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("A receipt of each exchange goes to");
    expect(run.stdout).not.toContain(made.trim());
  });

  test("has no broken links", async () => {
    const { broken, count } = await brokenLinks(PAGE, "receipts.md");
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(3);
  });
});

describe("the official library in JavaScript", () => {
  const body = usageEvent("web", [receipt]);
  const id = messageId([receipt]);
  const headers = webhookHeaders({ id, body, secret: RECEIPT_SECRET }, Date.now());
  const verify = (secret: string, text: string, changed: Record<string, string> = {}) =>
    new Webhook(secret).verify(text, { ...headers, ...changed });

  test("verifies what the gateway signs", () => {
    expect(verify(RECEIPT_SECRET, body)).toEqual(JSON.parse(body));
  });

  test.each<[what: string, change: () => unknown]>([
    ["another body", () => verify(RECEIPT_SECRET, body.replace("web", "wed"))],
    ["another id", () => verify(RECEIPT_SECRET, body, { "webhook-id": `${id}0` })],
    [
      "another time",
      () =>
        verify(RECEIPT_SECRET, body, {
          "webhook-timestamp": String(Math.floor(Date.now() / 1000) - 1000),
        }),
    ],
    ["another secret", () => verify(`whsec_${"A".repeat(44)}`, body)],
  ])("refuses %s", (_, change) => {
    expect(change).toThrow();
  });

  test.each([24, 64])("verifies with a secret of %d bytes", (length) => {
    const secret = `whsec_${Buffer.alloc(length, 0xfb).toString("base64")}`;
    const signed = webhookHeaders({ id, body, secret }, Date.now());
    expect(new Webhook(secret).verify(body, { ...signed })).toEqual(JSON.parse(body));
  });
});

/** Sends a chat through a gateway with receipts, and the receipts of a killed gateway and their corrections by hand. */
async function useBackend(port: number): Promise<{ tokens: number; cost: number }> {
  const url = `http://127.0.0.1:${port}/`;
  await using billing = startBilling(0);
  await using gateway = await startCountingGateway({
    prices: folder.path("prices.json"),
    app: [appWithReceipts({ url }, billedRules(billing.providers))],
  });
  const token = await freshToken({ tokens: 10_000, subject: "ada" });
  const asked = { model: "m", text: "one two three", cap: 100 };
  for (const name of ["chat", "responses", "messages"]) {
    const response = await send({ gateway, billing, token }, BILLED_CALLS[name]!, asked);
    await response.text();
    expect(response.status).toBe(200);
  }
  await gateway.stop();
  const { tokens, microDollars } = billing.billOf("m");
  return { tokens, cost: microDollars / 1e6 };
}

async function post(port: number, receipts: readonly WaitingReceipt[], secret = RECEIPT_SECRET) {
  const body = usageEvent("web", receipts);
  const headers = webhookHeaders({ id: messageId(receipts), body, secret }, Date.now());
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body });
  return response.status;
}

const swept: WaitingReceipt = {
  ...{ id: "of a killed one", revision: 1, end: "swept", at: Date.now() },
  charged: { tokens: 5000, cost: 5_000_000 },
  text: JSON.stringify({ requestId: "r", subject: "ada", startedAt: 0 }),
};
const corrected: WaitingReceipt = {
  ...swept,
  ...{ revision: 2, end: "settled", charged: { tokens: 7, cost: 7_000 } },
  text: JSON.stringify({
    ...facts,
    subject: "ada",
    inputTokens: 3,
    outputTokens: 4,
    costUsd: 7e-6,
  }),
};

/** Sends receipts twice and out of order. */
async function repeat(port: number): Promise<void> {
  for (const receipts of [[swept], [corrected], [swept, corrected], [swept]]) {
    expect(await post(port, receipts)).toBe(204);
  }
  expect(await post(port, [swept], `whsec_${"A".repeat(44)}`)).toBe(400);
}

async function started(command: string[], env: Record<string, string>) {
  const port = await freePort();
  const child = Bun.spawn(command, {
    cwd: folder.path("."),
    env: {
      ...env,
      PATH: process.env["PATH"] ?? "",
      PORT: String(port),
      RECEIPTS_SECRET: RECEIPT_SECRET,
    },
    stdout: "pipe",
    stderr: "ignore",
  });
  const answers = async () =>
    (await fetch(`http://127.0.0.1:${port}/`, { method: "POST" }).catch(() => undefined)) !==
    undefined;
  await waitUntil("the backend", answers, 20_000);
  return { port, child };
}

test("the backend in Node bills each exchange once, as the provider does", async () => {
  const { port, child } = await started(["node", "backend.mjs"], {});
  const { tokens, cost } = await useBackend(port);
  await repeat(port);
  child.kill("SIGUSR2");
  const { value } = await child.stdout.getReader().read();
  child.kill();
  const bills = JSON.parse(new TextDecoder().decode(value)) as Record<string, number>[];
  const sum = (of: (one: Record<string, number>) => number) =>
    bills.reduce((all, one) => all + of(one), 0);
  expect(bills).toHaveLength(4);
  expect(sum((one) => one["input_tokens"]! + one["output_tokens"]!)).toBe(tokens + 7);
  expect(sum((one) => one["cost_usd"]!)).toBeCloseTo(cost + 7e-6, 9);
}, 60_000);

test("the backend in Python bills each exchange once, as the provider does", async () => {
  const python = await installPythonPackages("standardwebhooks", ["standardwebhooks==1.1.0"]);
  const { port, child } = await started([python, "backend.py"], { BILLS: folder.path("bills.db") });
  const { tokens, cost } = await useBackend(port);
  await repeat(port);
  child.kill();
  await child.exited;
  const bills = new Database(folder.path("bills.db"), { readonly: true });
  const all = bills.query(
    "SELECT count(*) AS count, sum(tokens) AS tokens, sum(cost) AS cost, min(subject) AS subject FROM bill",
  );
  expect(all.get()).toEqual({
    count: 4,
    tokens: tokens + 7,
    cost: expect.closeTo(cost + 7e-6, 9),
    subject: "ada",
  });
}, 120_000);
