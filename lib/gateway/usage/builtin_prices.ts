import type { calcPrice as CalculatePrice, PriceCalculation } from "@pydantic/genai-prices";
import { MAX_MODEL_NAME, type PricedModel, type Prices, type PriceTable } from "./prices.ts";

/** The day on which the built-in prices were released: version 0.1.8 of `@pydantic/genai-prices`. */
export const PRICES_DATE = "2026-09-23";

type CalcPrice = typeof CalculatePrice;

/** The providers in the list that have the prices of others, by their own names. */
const SAME_PRICES: Readonly<Record<string, string>> = { bedrock: "aws", vertex: "google" };

// A request names any model, and each is looked up anew when the list is full.
const MAX_REMEMBERED = 1_000;

// Prices change at the start of a day, or for hours of each day.
const REMEMBERED_MS = 60_000;

/**
 * Creates the table of built-in prices. The prices are part of the release, and none is fetched.
 *
 * @returns a table that caches each price for a minute
 */
export function createBuiltInPrices(): PriceTable {
  let calcPrice: CalcPrice | undefined;
  let loading: Promise<void> | undefined;
  const remembered = new Map<string, PricedModel | undefined>();
  let until = 0;

  async function load(): Promise<void> {
    ({ calcPrice } = await import("@pydantic/genai-prices"));
  }

  function lookUp(providerId: string, name: string, now: number): PricedModel | undefined {
    if (!calcPrice) throw new TypeError("the prices are not loaded");
    const found = calcPrice({}, name, {
      providerId: SAME_PRICES[providerId] ?? providerId,
      timestamp: new Date(now),
    });
    return found && !lacksAudio(found) ? pricedModel(found) : undefined;
  }

  return {
    load: () => (calcPrice ? undefined : (loading ??= load())),
    find(provider, model, now) {
      if (model.length > MAX_MODEL_NAME) return undefined;
      if (now >= until || now < until - REMEMBERED_MS || remembered.size >= MAX_REMEMBERED) {
        remembered.clear();
        until = now + REMEMBERED_MS;
      }
      const key = `${provider}/${model}`;
      if (!remembered.has(key)) remembered.set(key, lookUp(provider, model, now));
      return remembered.get(key);
    },
  };
}

/**
 * Whether a model for audio has prices for text alone, as `gpt-4o-audio-preview` in this version: its audio costs up to
 * sixteen times as much, so that a limit on cost would not hold.
 */
function lacksAudio({ model, model_price: prices }: PriceCalculation): boolean {
  return /-audio(?:-|$)/.test(model.id) && !Object.keys(prices).some((it) => it.includes("audio"));
}

function pricedModel({ model, model_price: prices }: PriceCalculation): PricedModel {
  return {
    id: model.id,
    prices: prices as Prices,
    ...(model.context_window !== undefined && { contextWindow: model.context_window }),
    source: "built-in",
  };
}
