import type { Usage } from "../model/usage.ts";
import type { PricedModel, Prices } from "./prices.ts";
import { highestPriceUpTo, type Media, priceAt, type Rates, ratesOf } from "./rates.ts";

/** Pico-dollars in a nano-dollar. */
const PICO_PER_NANO = 1000n;

/**
 * The cost of what a provider reported.
 *
 * @param usage the report
 * @param model its prices
 * @param media what the request had
 * @returns nano-dollars, summed in pico-dollars and rounded up once; `undefined` when a price is missing
 */
export function costOfUsage(
  usage: Usage,
  { prices }: PricedModel,
  media: Media,
): number | undefined {
  const rates = ratesOf(prices, media, priceAt(usage.input));
  if (!rates) return undefined;
  const { input, output } = usage;
  const cached = Math.min(usage.cached ?? 0, input);
  const cacheWrite = Math.min(usage.cacheWrite ?? 0, input - cached);
  const ofOutput = outputCost(output, rates);
  if (ofOutput === undefined) return undefined;
  return inNanoDollars(
    BigInt(input - cached - cacheWrite) * rates.input +
      BigInt(cached) * rates.cached +
      BigInt(cacheWrite) * rates.cacheWrite +
      ofOutput +
      surcharges({ ...usage, cached, cacheWrite }, prices, media) +
      rates.request,
  );
}

type Detailed = Usage & { cached: number; cacheWrite: number };

/** The difference between the prices of audio and of a cache for an hour, and those at which the request is charged. */
function surcharges(usage: Detailed, prices: Prices, media: Media): bigint {
  const { input, output, cached, cacheWrite } = usage;
  const { longCacheWrite = 0, audioInput = 0, audioOutput = 0 } = usage;
  if (longCacheWrite + audioInput + audioOutput === 0) return 0n;
  const at = (more: Partial<Media>) => ratesOf(prices, { ...media, ...more }, priceAt(input))!;
  const usual = at({});
  const longCache = at({ cache: true });
  const audio = at({ audio: true });
  // Which tokens are both of audio and in a cache is not reported.
  const audioTokens = Math.min(audioInput, input - cached - cacheWrite);
  return (
    BigInt(Math.min(longCacheWrite, cacheWrite)) * (longCache.cacheWrite - usual.cacheWrite) +
    BigInt(audioTokens) * (audio.input - usual.input) +
    BigInt(Math.min(audioOutput, output)) * ((audio.output ?? 0n) - (usual.output ?? 0n))
  );
}

function outputCost(tokens: number, { output }: Rates): bigint | undefined {
  if (tokens === 0) return 0n;
  return output === undefined ? undefined : BigInt(tokens) * output;
}

/** The most that a request can cost: of its input, and for each token of output. */
export interface HighestCost {
  /** In nano-dollars. */
  input: number;
  /** In nano-dollars. */
  perOutputToken: number;
}

/**
 * The most that a request can cost, each token at the highest rate that it can meet.
 *
 * @param inputTokens the most input tokens
 * @param model its prices
 * @param request what the request has, and whether it has an output
 * @returns `undefined` when a price is missing
 */
export function highestCost(
  inputTokens: number,
  { prices }: PricedModel,
  { media, hasOutput }: { media: Media; hasOutput: boolean },
): HighestCost | undefined {
  const rates = ratesOf(prices, media, highestPriceUpTo(inputTokens));
  if (!rates || (hasOutput && rates.output === undefined)) return undefined;
  const perToken = [rates.input, rates.cached, rates.cacheWrite].reduce((a, b) => (b > a ? b : a));
  const input = inNanoDollars(BigInt(inputTokens) * perToken + rates.request);
  const perOutputToken = inNanoDollars(rates.output ?? 0n);
  return input === undefined || perOutputToken === undefined
    ? undefined
    : { input, perOutputToken };
}

/** @returns `undefined` for more than an exact number */
function inNanoDollars(pico: bigint): number | undefined {
  const nano = Number((pico + PICO_PER_NANO - 1n) / PICO_PER_NANO);
  return Number.isSafeInteger(nano) ? nano : undefined;
}
