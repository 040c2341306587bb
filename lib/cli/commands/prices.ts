import { ConfigError } from "../../config/config_error.ts";
import { createBuiltInPrices, PRICES_DATE } from "../../gateway/usage/builtin_prices.ts";
import {
  type Price,
  PRICED_PROVIDERS,
  type PricedModel,
  type PricedProvider,
  type Prices,
  withOwnPrices,
} from "../../gateway/usage/prices.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { PricesFlagName } from "../arguments/prices_flags.ts";
import type { CommandContext } from "../support/command_context.ts";
import { loadSettingsFile } from "../support/load_settings.ts";

/** The output of {@link prices}. */
export interface PricesOutput {
  /** The prices, with a newline. */
  text: string;
  /** Whether the model has a price. */
  isPriced: boolean;
}

/** The prices of a model at a provider. */
interface Found extends PricedModel {
  provider: PricedProvider;
}

/**
 * `signway prices`: shows what a model costs by the price table.
 *
 * @param args from `parseArguments`
 * @param context environment, files and clock
 * @returns the prices of each provider that has the model
 * @throws ConfigError with the mistakes of the command line or the configuration file
 */
export async function prices(
  { given, positionals }: Arguments<PricesFlagName>,
  { env, read, now }: CommandContext,
): Promise<PricesOutput> {
  const [model, ...rest] = positionals;
  if (model === undefined || rest.length > 0) {
    throw new ConfigError(["prices needs exactly one MODEL"]);
  }
  const providers = providersOf(given.get("provider")?.[0]);
  const [config] = given.get("config") ?? [];
  const own = config === undefined ? {} : loadSettingsFile(config, env, read).prices;
  const table = withOwnPrices(own ?? {}, createBuiltInPrices());
  await table.load();
  const found = providers.flatMap((provider): Found[] => {
    const priced = table.find(provider, model, now.getTime());
    return priced ? [{ ...priced, prices: usedPrices(priced.prices), provider }] : [];
  });
  const isPriced = found.length > 0;
  if (given.has("json")) return { text: asJson(found), isPriced };
  const text = isPriced
    ? found.map(describe).join("\n")
    : "The model has no price here. Check its name, or add it to a file of prices.\n";
  return { text, isPriced };
}

function providersOf(name: string | undefined): readonly PricedProvider[] {
  if (name === undefined) return PRICED_PROVIDERS;
  const known = PRICED_PROVIDERS.find((provider) => provider === name);
  if (known) return [known];
  throw new ConfigError([`--provider must be one of ${PRICED_PROVIDERS.join(", ")}`]);
}

/** The prices that the gateway uses. It does not use those of hosted tools. */
function usedPrices(all: Prices): Prices {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name.endsWith("_mtok") || name === "requests_kcount"),
  );
}

function asJson(found: readonly Found[]): string {
  const models = found.map(({ provider, id, source, contextWindow, prices: values }) => ({
    provider,
    model: id,
    source,
    ...(source === "built-in" && { date: PRICES_DATE }),
    ...(contextWindow !== undefined && { context_window: contextWindow }),
    ...values,
  }));
  return `${JSON.stringify(models, null, 2)}\n`;
}

function describe({ provider, id, source, contextWindow, prices: values }: Found): string {
  const origin = source === "file" ? "from the file of prices" : `built in, of ${PRICES_DATE}`;
  const lines = Object.entries(values).flatMap(([name, price]) =>
    price === undefined ? [] : [`  ${NAMES[name] ?? name}: ${inDollars(name, price)}`],
  );
  const window = contextWindow === undefined ? [] : [`  context window: ${contextWindow} tokens`];
  return [`${provider} ${id} (${origin})`, ...lines, ...window, ""].join("\n");
}

const NAMES: Readonly<Record<string, string>> = {
  input_mtok: "input",
  cache_read_mtok: "input from a cache",
  cache_write_mtok: "input into a cache",
  cache_write_1h_mtok: "input into a cache for an hour",
  output_mtok: "output",
  input_audio_mtok: "audio input",
  cache_audio_read_mtok: "audio input from a cache",
  output_audio_mtok: "audio output",
  requests_kcount: "requests",
};

function inDollars(name: string, price: Price): string {
  const unit = name.endsWith("_mtok") ? "for a million tokens" : "for a thousand";
  if (typeof price === "number") return `$${price} ${unit}`;
  const tiers = price.tiers.map(
    ({ start, price: higher }) => `$${higher} above ${start} input tokens`,
  );
  return `$${price.base} ${unit}, ${tiers.join(", ")}`;
}
