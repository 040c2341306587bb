import { describe, expect, test } from "bun:test";
import { PRICES_FLAGS } from "../../../lib/cli/arguments/prices_flags.ts";
import { PRICED_PROVIDERS } from "../../../lib/gateway/usage/prices.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

const CONFIG = `prices = "prices.json"
[[app]]
id = "web"
secrets = ["a secret of more than 32 bytes, as tokens need"]
[[app.upstream]]
url = "https://api.openai.com/v1/"
`;
const PRICES = JSON.stringify({
  openai: {
    "my-model": {
      input_mtok: { base: 1, tiers: [{ start: 200_000, price: 2 }] },
      output_mtok: 4,
      context_window: 8192,
    },
  },
});
const files = { "signway.toml": CONFIG, "prices.json": PRICES };

describe("signway prices", () => {
  test("prints what a model costs", async () => {
    const { code, stdout, stderr } = await runSignway([
      "prices",
      "gpt-5-mini",
      "--provider",
      "openai",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      [
        "openai gpt-5-mini (built in, of 2026-09-23)",
        "  input: $0.25 for a million tokens",
        "  input from a cache: $0.025 for a million tokens",
        "  output: $2 for a million tokens",
        "  context window: 400000 tokens",
        "",
      ].join("\n"),
    );
  });

  test("prints what it costs by a file", async () => {
    const args = ["prices", "my-model", "--config", "signway.toml"];
    const { code, stdout } = await runSignway(args, { files });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "openai my-model (from the file of prices)",
        "  input: $1 for a million tokens, $2 above 200000 input tokens",
        "  output: $4 for a million tokens",
        "  context window: 8192 tokens",
        "",
      ].join("\n"),
    );
    const asJson = await runSignway([...args, "--json"], { files });
    expect(JSON.parse(asJson.stdout)).toMatchObject([
      { provider: "openai", model: "my-model", source: "file", output_mtok: 4 },
    ]);
  });

  test("names each provider in its help", () => {
    for (const provider of PRICED_PROVIDERS) {
      expect(PRICES_FLAGS.provider.help).toMatch(
        new RegExp(`[:,] ${provider}\\b|or ${provider}\\.`),
      );
    }
  });

  test("exits with 1 for a model without a price", async () => {
    const { code, stdout } = await runSignway(["prices", "no-such-model"]);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: "The model has no price here. Check its name, or add it to a file of prices.\n",
    });
    const asJson = await runSignway(["prices", "no-such-model", "--json"]);
    expect({ code: asJson.code, stdout: asJson.stdout }).toEqual({ code: 1, stdout: "[]\n" });
  });

  test.each([
    [["prices"], "prices needs exactly one MODEL"],
    [["prices", "a", "b"], "prices needs exactly one MODEL"],
    [
      ["prices", "a", "--provider", "mcp"],
      "--provider must be one of openai, azure, anthropic, google, vertex, bedrock",
    ],
    [["prices", "a", "--config", "none.toml"], "--config: none.toml does not exist"],
  ])("refuses %j", async (args, complaint) => {
    const finished = await runSignway(args);
    expect(finished.code).toBe(2);
    expect(complaints(finished)).toContain(complaint);
  });
});
