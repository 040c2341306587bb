import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Usage } from "../../../../lib/gateway/model/usage.ts";
import { costOfUsage, highestCost } from "../../../../lib/gateway/usage/cost.ts";
import type { PricedModel, Prices } from "../../../../lib/gateway/usage/prices.ts";
import { type Media, TEXT_ONLY } from "../../../../lib/gateway/usage/rates.ts";

const modelOf = (prices: Prices): PricedModel => ({ id: "m", prices, source: "file" });

const PLAIN = { input_mtok: 0.25, output_mtok: 2 };
const CACHES = { ...PLAIN, cache_read_mtok: 0.025, cache_write_mtok: 0.3125 };
const TIERED = {
  input_mtok: { base: 1.25, tiers: [{ start: 200_000, price: 2.5 }] },
  output_mtok: { base: 10, tiers: [{ start: 200_000, price: 15 }] },
};
const AUDIO = { ...PLAIN, input_audio_mtok: 10, output_audio_mtok: 20, cache_audio_read_mtok: 0.3 };
const IMAGES = { ...PLAIN, output_image_mtok: 30 };
const SEEN = { ...PLAIN, input_image_mtok: 5 };
const HEARD = { ...TEXT_ONLY, audio: true };
const HEARD_REPORT = { input: 200, output: 50, audioInput: 200, audioOutput: 50 };
const CACHING = { ...TEXT_ONLY, cache: true };

describe("the cost of a report in nano-dollars", () => {
  test.each<[string, Prices, Usage, number | undefined, Media?]>([
    ["of input and output", PLAIN, { input: 1000, output: 100 }, 450_000],
    ["of nothing", PLAIN, { input: 0, output: 0 }, 0],
    ["of input alone", { input_mtok: 0.02 }, { input: 8, output: 0 }, 160],
    ["of half a nano-dollar, rounded up", { input_mtok: 0.0375 }, { input: 1, output: 0 }, 38],
    ["rounded up once", { input_mtok: 0.0375 }, { input: 2, output: 0 }, 75],
    [
      "of a price with more digits than pico-dollars",
      { input_mtok: 1e-7 },
      { input: 1, output: 0 },
      1,
    ],
    ["of a price that no double has", { input_mtok: 0.07 }, { input: 1_000_000, output: 0 }, 7e7],
    ["of cached input", CACHES, { input: 1000, output: 0, cached: 900 }, 47_500],
    ["of input into a cache", CACHES, { input: 1000, output: 0, cacheWrite: 1000 }, 312_500],
    ["of more cached than input", CACHES, { input: 10, output: 0, cached: 99 }, 250],
    ["of a cache without a price", PLAIN, { input: 1000, output: 0, cached: 900 }, 250_000],
    ["of a model that makes images", IMAGES, { input: 0, output: 1000 }, 30_000_000],
    ["of images that a model reads", SEEN, { input: 1000, output: 0 }, 250_000],
    ["of a cache for an hour", CACHES, { input: 1000, output: 0, cacheWrite: 1000 }, 5e5, CACHING],
    ["at the end of a tier", TIERED, { input: 200_000, output: 1 }, 250_010_000],
    ["above a tier", TIERED, { input: 200_001, output: 1 }, 500_017_500],
    ["of a request", { ...PLAIN, requests_kcount: 5 }, { input: 0, output: 0 }, 5_000_000],
    ["of text where audio has a price", AUDIO, { input: 1000, output: 100 }, 450_000],
    ["of what may be audio", AUDIO, { input: 1000, output: 100 }, 12_000_000, HEARD],
    ["of reported audio", AUDIO, { ...HEARD_REPORT, input: 1000, output: 200 }, 3_500_000],
    ["of reported audio, that is not counted twice", AUDIO, HEARD_REPORT, 3_000_000, HEARD],
    ["of more audio than input", AUDIO, { input: 10, output: 0, audioInput: 99 }, 100_000],
    ["of audio and a cache", AUDIO, { input: 10, output: 0, cached: 8, audioInput: 9 }, 22_000],
    [
      "of a part in a cache for an hour",
      { ...CACHES, cache_write_1h_mtok: 0.5 },
      { input: 1000, output: 0, cacheWrite: 800, longCacheWrite: 200 },
      50_000 + 600 * 312.5 + 100_000,
    ],
    [
      "of more in a cache for an hour than in caches",
      CACHES,
      { input: 1000, output: 0, cacheWrite: 100, longCacheWrite: 900 },
      225_000 + 50_000,
    ],
    ["of audio alone", { input_audio_mtok: 2.5, output_mtok: 10 }, { input: 4, output: 1 }, 20_000],
    ["of output without a price", { input_mtok: 1 }, { input: 1, output: 1 }, undefined],
    ["without a price of input", { output_mtok: 1 }, { input: 1, output: 1 }, undefined],
    ["beyond exact numbers", PLAIN, { input: 2 ** 53 - 1, output: 2 ** 53 - 1 }, undefined],
  ])("%s", (_, prices, usage, cost, media = TEXT_ONLY) => {
    expect(costOfUsage(usage, modelOf(prices), media)).toBe(cost);
  });
});

const price = fc.oneof(
  fc.double({ min: 0, max: 200, noNaN: true }),
  fc.record({
    base: fc.double({ min: 0, max: 200, noNaN: true }),
    tiers: fc.array(
      fc.record({
        start: fc.integer({ min: 1, max: 300_000 }),
        price: fc.double({ min: 0, max: 400, noNaN: true }),
      }),
      { maxLength: 3 },
    ),
  }),
);
const prices = fc.record(
  {
    input_mtok: price,
    output_mtok: price,
    cache_read_mtok: price,
    cache_write_mtok: price,
    input_audio_mtok: price,
    output_audio_mtok: price,
    requests_kcount: price,
  },
  { requiredKeys: ["input_mtok", "output_mtok"] },
);
const media = fc.record({
  audio: fc.boolean(),
  images: fc.boolean(),
  video: fc.boolean(),
  cache: fc.boolean(),
});
const tokens = fc.integer({ min: 0, max: 400_000 });

test("the highest cost is never below that of a report within its bound", () => {
  fc.assert(
    fc.property(prices, media, fc.tuple(tokens, tokens, tokens, tokens), tokens, (...given) => {
      const [ofModel, has, [input, output, cached, cacheWrite], more] = given;
      const model = modelOf(ofModel);
      const highest = highestCost(input + more, model, { media: has, hasOutput: true })!;
      const cost = costOfUsage({ input, output, cached, cacheWrite }, model, has)!;
      expect(cost).toBeLessThanOrEqual(highest.input + output * highest.perOutputToken);
    }),
    { numRuns: 300 },
  );
});

test("a model without a price for output has no highest cost of one", () => {
  const model = modelOf({ input_mtok: 1 });
  expect(highestCost(10, model, { media: TEXT_ONLY, hasOutput: true })).toBeUndefined();
  expect(highestCost(10, model, { media: TEXT_ONLY, hasOutput: false })).toEqual({
    input: 10_000,
    perOutputToken: 0,
  });
});
