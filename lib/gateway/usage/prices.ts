import type { ProviderName } from "../providers/provider.ts";

/** Dollars for a million tokens. With tiers, all tokens of a request have the price of its tier. */
export type Price = number | { readonly base: number; readonly tiers: readonly PriceTier[] };

/** The price of requests with more than `start` input tokens. */
export interface PriceTier {
  readonly start: number;
  readonly price: number;
}

/**
 * The prices of a model, by the names of genai-prices: `input_mtok` for a million input tokens, `requests_kcount` for a
 * thousand requests.
 */
export type Prices = Readonly<Record<string, Price | undefined>>;

/** What is known of a model. */
export interface PricedModel {
  /** The name in the table. */
  readonly id: string;
  readonly prices: Prices;
  /** The most tokens of a prompt and its answer together. Absent: it is not known. */
  readonly contextWindow?: number;
  /** Where the prices come from. */
  readonly source: "built-in" | "file";
}

/** The providers whose models have prices. */
export const PRICED_PROVIDERS = [
  "openai",
  "azure",
  "anthropic",
  "google",
  "vertex",
  "bedrock",
] as const satisfies readonly ProviderName[];

/** One of {@link PRICED_PROVIDERS}. */
export type PricedProvider = (typeof PRICED_PROVIDERS)[number];

/**
 * The longest name of a model that has a price. A client chooses the name, and the table and records remember it for a
 * while.
 */
export const MAX_MODEL_NAME = 128;

/** The prices of models. */
export interface PriceTable {
  /**
   * Loads the prices. It has to be called before the first {@link PriceTable.find}, because they take longer to load
   * than many programs need to start.
   *
   * @returns a promise that resolves when they are loaded; `undefined` when they are
   */
  load: () => Promise<void> | undefined;
  /**
   * Finds a model.
   *
   * @param provider of the API
   * @param model its name in a request or an answer
   * @param now in milliseconds since the epoch, because prices change
   * @returns `undefined` when it has no price, or its name is longer than {@link MAX_MODEL_NAME}
   */
  find: (provider: PricedProvider, model: string, now: number) => PricedModel | undefined;
}

/** Prices that complete the built-in ones and replace them: by provider, and by the name of a model. */
export type OwnPrices = Readonly<
  Partial<Record<PricedProvider, Readonly<Record<string, OwnModel>>>>
>;

/** The prices of a model in a file. */
export interface OwnModel {
  readonly prices: Prices;
  readonly contextWindow?: number;
}

/**
 * Puts own prices in front of a table.
 *
 * @param own prices by exact names; a `*` at the end of a name stands for any characters. An exact name wins, and of
 *   several others the longest
 * @param table the other prices
 */
export function withOwnPrices(own: OwnPrices, table: PriceTable): PriceTable {
  return {
    load: table.load,
    find(provider, model, now) {
      if (model.length > MAX_MODEL_NAME) return undefined;
      const models = own[provider];
      const id = models && nameFor(model, Object.keys(models));
      if (id === undefined) return table.find(provider, model, now);
      return { ...models![id]!, id, source: "file" };
    },
  };
}

function nameFor(model: string, names: readonly string[]): string | undefined {
  if (names.includes(model)) return model;
  const starts = names.filter((name) => name.endsWith("*") && model.startsWith(name.slice(0, -1)));
  return starts.toSorted((a, b) => b.length - a.length)[0];
}
