import { z } from "zod";
import type { OwnPrices } from "../gateway/usage/prices.ts";
import { type DescribePath, formatPath } from "./config_path.ts";
import type { ReadText } from "./read_text.ts";
import { isTable } from "./tables.ts";
import { unreadableSetting } from "./unreadable_file.ts";

const DOLLARS = "a number of dollars from 0 to 1000000";
const dollars = z.number(DOLLARS).min(0, DOLLARS).max(1_000_000, DOLLARS);
const COUNT = "a whole number of tokens, 1 or more";
const count = z.number(COUNT).int(COUNT).min(1, COUNT);

const tiered = z.strictObject({
  base: dollars,
  tiers: z.array(z.strictObject({ start: count, price: dollars })),
});
const price = z.union([dollars, tiered], `${DOLLARS}, or a table with base and tiers`);

/** The prices of a model, by the names of genai-prices. */
const MODEL = z.strictObject({
  input_mtok: price,
  output_mtok: price.optional(),
  cache_read_mtok: price.optional(),
  cache_write_mtok: price.optional(),
  input_audio_mtok: price.optional(),
  output_audio_mtok: price.optional(),
  cache_audio_read_mtok: price.optional(),
  requests_kcount: price.optional(),
  context_window: count.optional(),
});

const models = z.record(z.string(), MODEL).optional();
const FILE = z.strictObject({
  openai: models,
  azure: models,
  anthropic: models,
  google: models,
  vertex: models,
  bedrock: models,
});

/** Options of {@link findPriceMistakes}. */
export interface PriceFileOptions {
  /** Reads a text file; `undefined` when it cannot be read. */
  read: ReadText;
  /** Names a value in a mistake. */
  describePath: DescribePath;
}

/**
 * Finds mistakes in the file with prices.
 *
 * @param input the configuration as it was parsed
 * @param options how files are read, and values named
 * @returns one sentence for each mistake, with its place
 */
export function findPriceMistakes(
  input: unknown,
  { read, describePath }: PriceFileOptions,
): string[] {
  const path = isTable(input) ? input["prices"] : undefined;
  if (typeof path !== "string" || path.trim() === "") return [];
  return mistakesOfFile(path, read(path)).map(
    (mistake) => `${describePath(["prices"])}: ${mistake}`,
  );
}

function mistakesOfFile(path: string, text: string | undefined): string[] {
  if (text === undefined) return [unreadableSetting(path)];
  const file = parseJson(text);
  if (file === undefined) return [`${path} is not JSON`];
  const { error } = FILE.safeParse(file);
  return (error?.issues ?? []).flatMap(describeIssue).map((mistake) => `${path}: ${mistake}`);
}

function describeIssue({ path, ...issue }: z.core.$ZodIssue): string[] {
  const place = path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${formatPath([...place, key])} is unknown`);
  }
  const isText = !issue.message.startsWith("Invalid input");
  return [`${formatPath(place) || "it"} must be ${isText ? issue.message : "a table"}`];
}

/**
 * Reads prices.
 *
 * @param text of a file in which {@link findPriceMistakes} found no mistakes
 */
export function parsePrices(text: string): OwnPrices {
  const providers = Object.entries(FILE.parse(parseJson(text)));
  return Object.fromEntries(
    providers.map(([provider, models = {}]) => [
      provider,
      Object.fromEntries(Object.entries(models).map(([name, model]) => [name, ownModel(model)])),
    ]),
  );
}

function ownModel({ context_window: contextWindow, ...prices }: z.output<typeof MODEL>) {
  return { prices, ...(contextWindow !== undefined && { contextWindow }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
