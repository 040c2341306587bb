import { describe, expect, test } from "bun:test";
import packageJson from "../../../../package.json" with { type: "json" };
import { createBuiltInPrices, PRICES_DATE } from "../../../../lib/gateway/usage/builtin_prices.ts";
import { withOwnPrices } from "../../../../lib/gateway/usage/prices.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const BUILT_IN = createBuiltInPrices();
await BUILT_IN.load();

describe("the built-in prices", () => {
  test.each([
    ["openai", "gpt-5-mini"],
    ["openai", "gpt-5-mini-2025-08-07"],
    ["openai", "text-embedding-3-small"],
    ["openai", "gpt-audio-mini"],
    ["azure", "gpt-4o"],
    ["anthropic", "claude-sonnet-4-5"],
    ["google", "gemini-2.5-flash"],
    ["vertex", "gemini-2.5-flash"],
  ] as const)("have %s %s", (provider, model) => {
    const { prices, source } = BUILT_IN.find(provider, model, NOW)!;
    expect(prices["input_mtok"]).toBeDefined();
    expect(source).toBe("built-in");
  });

  test.each([
    ["openai", "claude-sonnet-4-5"],
    ["anthropic", "gpt-5-mini"],
    ["openai", "no-such-model"],
    ["openai", ""],
    ["google", "__proto__"],
    // Only its text has a price in the list.
    ["openai", "gpt-4o-audio-preview"],
    ["azure", "gpt-4o-mini-audio-preview"],
  ] as const)("do not have %s %s", (provider, model) => {
    expect(BUILT_IN.find(provider, model, NOW)).toBeUndefined();
  });

  test.each([
    ["is as long as names may be", 128, true],
    ["is longer", 129, false],
    ["is as long as a body", 2 ** 24, false],
  ])("have a name that %s: %d, %j", (_, length, isKnown) => {
    const name = "claude-sonnet-4-5-";
    const found = BUILT_IN.find("anthropic", name + "x".repeat(length - name.length), NOW);
    expect(found !== undefined).toBe(isKnown);
  });

  test("are of the version of the package on whose day they are dated", () => {
    expect(packageJson.dependencies["@pydantic/genai-prices"]).toBe("0.1.8");
    expect(PRICES_DATE).toBe("2026-09-23");
  });

  test("are loaded once, and remember no more than a thousand names", async () => {
    const table = createBuiltInPrices();
    expect(() => table.find("openai", "gpt-5-mini", NOW)).toThrow(TypeError);
    await table.load();
    expect(table.load()).toBeUndefined();
    for (let i = 0; i < 3_000; i++) expect(table.find("openai", `no-${i}`, NOW)).toBeUndefined();
    expect(table.find("openai", "gpt-5-mini", NOW)).toEqual(
      BUILT_IN.find("openai", "gpt-5-mini", NOW),
    );
  });
});

describe("own prices", () => {
  const own = (input: number) => ({ prices: { input_mtok: input, output_mtok: 1 } });
  const table = withOwnPrices(
    {
      openai: { "gpt-5-mini": own(1), "my-*": own(2), "my-model-*": own(3), "my-model-7": own(4) },
    },
    BUILT_IN,
  );

  test.each([
    ["gpt-5-mini", 1],
    ["my-other", 2],
    ["my-model-8", 3],
    ["my-model-7", 4],
    ["gpt-5-nano", 0.05],
    ["amy-model", undefined],
    ["constructor", undefined],
    [`my-${"x".repeat(125)}`, 2],
    [`my-${"x".repeat(126)}`, undefined],
  ])("are those of %s", (model, price) => {
    expect(table.find("openai", model, NOW)?.prices["input_mtok"]).toBe(price);
  });

  test("are of one provider", () => {
    expect(table.find("azure", "my-other", NOW)).toBeUndefined();
  });
});
