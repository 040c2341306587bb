import { describe, expect, test } from "bun:test";
import { unreadableSetting } from "../../../lib/config/unreadable_file.ts";
import { APP, mistakesOfFile, settingsOfFile } from "./configured.ts";

const SHAPE = { app: [APP], prices: "prices.json" };
const mistakesIn = (file: unknown) =>
  mistakesOfFile(SHAPE, {
    files: { "prices.json": typeof file === "string" ? file : JSON.stringify(file) },
  });

describe("a file of prices", () => {
  test("is read", () => {
    const file = {
      openai: {
        "gpt-5-mini": { input_mtok: 0.2, output_mtok: 1.6, context_window: 400_000 },
        "my-*": { input_mtok: { base: 1, tiers: [{ start: 200_000, price: 2 }] } },
      },
    };
    const settings = settingsOfFile(SHAPE, { files: { "prices.json": JSON.stringify(file) } });
    expect(settings.prices).toEqual({
      openai: {
        "gpt-5-mini": { prices: { input_mtok: 0.2, output_mtok: 1.6 }, contextWindow: 400_000 },
        "my-*": { prices: { input_mtok: { base: 1, tiers: [{ start: 200_000, price: 2 }] } } },
      },
    });
    expect(settings.files).toContain("prices.json");
  });

  test("need not be", () => expect(settingsOfFile({ app: [APP] }).prices).toBeUndefined());

  const DOLLARS = "must be a number of dollars from 0 to 1000000";
  const at = (model: unknown) => ({ openai: { "gpt-5": model } });
  test.each<[string, unknown, string[]]>([
    ["no JSON", "{", ["prices: prices.json is not JSON"]],
    ["a list", [], ["prices: prices.json: it must be a table"]],
    ["an unknown provider", { mistral: {} }, ["prices: prices.json: mistral is unknown"]],
    ["a text", at("1"), ["prices: prices.json: openai.gpt-5 must be a table"]],
    [
      "an unknown key",
      at({ input_mtok: 1, input: 2 }),
      ["prices: prices.json: openai.gpt-5.input is unknown"],
    ],
    [
      "no price of input",
      at({ output_mtok: 1 }),
      [`prices: prices.json: openai.gpt-5.input_mtok ${DOLLARS}, or a table with base and tiers`],
    ],
    [
      "a negative price",
      at({ input_mtok: -1 }),
      [`prices: prices.json: openai.gpt-5.input_mtok ${DOLLARS}`],
    ],
    [
      "half a window, and a price too high",
      at({ input_mtok: 1, output_mtok: 1e300, context_window: 1.5 }),
      [
        `prices: prices.json: openai.gpt-5.output_mtok ${DOLLARS}`,
        "prices: prices.json: openai.gpt-5.context_window must be a whole number of tokens, 1 or more",
      ],
    ],
  ])("with %s is a mistake", (_, file, mistakes) => expect(mistakesIn(file)).toEqual(mistakes));

  test("that is not there is a mistake", () => {
    expect(mistakesOfFile(SHAPE)).toEqual([`prices: ${unreadableSetting("prices.json")}`]);
  });
});
