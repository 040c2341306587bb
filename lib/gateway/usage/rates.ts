import type { Price, Prices } from "./prices.ts";

/** What a request has that has prices of its own. */
export interface Media {
  audio: boolean;
  images: boolean;
  video: boolean;
  /** Whether it asks for a cache that keeps longer, at a higher price. */
  cache: boolean;
}

/** A request of text. */
export const TEXT_ONLY: Media = { audio: false, images: false, video: false, cache: false };

/** The price of a token of each kind, in pico-dollars. A kind without a price of its own has that of `input`. */
export interface Rates {
  input: bigint;
  cached: bigint;
  cacheWrite: bigint;
  /** `undefined` when the model has no price for output. */
  output: bigint | undefined;
  /** The price of the request itself, in pico-dollars. */
  request: bigint;
}

/** Chooses one of the prices that a request of some size may have. */
export type ChoosePrice = (price: Price) => number;

/** The price of a request with so many input tokens. */
export function priceAt(inputTokens: number): ChoosePrice {
  return (price) => {
    if (typeof price === "number") return price;
    const tiers = price.tiers.filter(({ start }) => inputTokens > start);
    return tiers.toSorted((a, b) => b.start - a.start)[0]?.price ?? price.base;
  };
}

/** The highest price of a request with up to so many input tokens. */
export function highestPriceUpTo(inputTokens: number): ChoosePrice {
  return (price) => {
    if (typeof price === "number") return price;
    const tiers = price.tiers.filter(({ start }) => inputTokens > start);
    return Math.max(price.base, ...tiers.map((tier) => tier.price));
  };
}

// What is kept in a cache for an hour costs twice the input at most.
const LONG_CACHE = 2n;

/**
 * The rates of a model for a request. Of several that may apply to a kind of tokens, the highest one counts.
 *
 * @param prices of the model
 * @param media what the request has
 * @param choose the price of the request's size
 * @returns `undefined` when the model has no price for input
 */
export function ratesOf(prices: Prices, media: Media, choose: ChoosePrice): Rates | undefined {
  const of = (kind: RegExp) =>
    highest(prices, (name) => kind.test(name) && isMet(name, media), choose);
  // A model for audio alone has no other price.
  const input = of(/^input_/) ?? highest(prices, (name) => name.startsWith("input_"), choose);
  const output = of(/^output_/) ?? highest(prices, (name) => name.startsWith("output_"), choose);
  if (input === undefined) return undefined;
  const write = of(/^cache_.*write/) ?? input;
  const long = input * LONG_CACHE;
  const perThousand = prices["requests_kcount"];
  return {
    input,
    cached: of(/^cache_.*read/) ?? input,
    cacheWrite: media.cache && long > write ? long : write,
    output,
    // Dollars for a thousand are 10^9 pico-dollars each.
    request: perThousand === undefined ? 0n : scaled(choose(perThousand), 9),
  };
}

function isMet(name: string, { audio, images, video, cache }: Media): boolean {
  if (name.includes("_1h")) return cache;
  if (name.includes("audio")) return audio;
  // A model with a price for images that it makes may make one for any prompt.
  if (name.includes("image")) return images || name.startsWith("output_");
  return !name.includes("video") || video;
}

function highest(
  prices: Prices,
  isOfKind: (name: string) => boolean,
  choose: ChoosePrice,
): bigint | undefined {
  let found: bigint | undefined;
  for (const [name, price] of Object.entries(prices)) {
    if (price === undefined || !name.endsWith("_mtok") || !isOfKind(name)) continue;
    // Dollars for a million are 10^6 pico-dollars each.
    const rate = scaled(choose(price), 6);
    if (found === undefined || rate > found) found = rate;
  }
  return found;
}

/** A number times a power of ten as an integer, rounded up. The decimal digits of the number count, not its double. */
function scaled(number: number, digits: number): bigint {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(number)) ?? [];
  const shift = digits + Number(exponent) - fraction.length;
  const value = BigInt(whole + fraction);
  if (shift >= 0) return value * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (value + divisor - 1n) / divisor;
}
