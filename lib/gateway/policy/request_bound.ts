import type { JsonObject } from "../../signing/verify.ts";
import type { Elastic, RequestBound } from "../model/bound.ts";
import type { MemberPath, Operation } from "../providers/operation.ts";
import { SEARCHING_MODELS } from "../providers/operations.ts";
import { highestCost, type HighestCost } from "../usage/cost.ts";
import type { PricedModel, PricedProvider } from "../usage/prices.ts";
import { memberAt } from "./guard/members.ts";
import { isPlain, violation } from "./guard/refuse.ts";
import { inputBound } from "./input_bound.ts";
import type { Needs } from "./needs.ts";
import type { CurrentPrices } from "./usage_reading.ts";

/** A request of which tokens or cost are counted. */
export interface CountedCall {
  provider: PricedProvider;
  operation: Operation;
  /** The model that it names. */
  model?: string | undefined;
  /** Another model that the body names beside the one in the path. */
  otherModel?: string | undefined;
  /** What it has beside text. */
  needs: Needs;
  /** How many answers it asks for. */
  outputs: number;
  /** Whether the client asked for an output cap. */
  asksForCap: boolean;
  /** Whether it turns on beta features, among which are longer context windows. */
  usesBeta: boolean;
  /** The body, as it is sent. Absent: there is none. */
  body?: JsonObject | undefined;
  bytes: Uint8Array;
}

/** The bound of a request for which no provider bills anything. */
export const FREE: RequestBound = {
  inputTokens: 0,
  multiplicity: 0,
  cost: { input: 0, perOutputToken: 0 },
};

/**
 * The most that a provider can bill for a request.
 *
 * @param call the request, after all edits
 * @param prices of the moment
 * @throws PolicyError `policy_violation` for what has no bound: hosted tools, models that always search, background work, and files, audio and
 *   stored state for a model whose context window is not known
 */
export function requestBound(call: CountedCall, prices: CurrentPrices): RequestBound {
  const { operation, model, body, bytes, needs } = call;
  if (operation.isFree) return FREE;
  const priced = pricedModels(call, prices);
  const window = call.usesBeta ? undefined : widestWindow(priced);
  assertBounded(call, window);
  const hasSchema = body !== undefined && hasOneOf(body, operation.tokens?.schemas);
  const inputTokens = inputBound(
    { ...needs, bytes, hasToolsOrSchema: needs.hasTools || hasSchema },
    operation.tokens ?? operation,
    window,
  );
  const elastic = elasticOf(call, window);
  const request = { media: needs.media, hasOutput: elastic !== undefined };
  const cost = dearest(priced.map((it) => highestCost(inputTokens, it, request)));
  return {
    inputTokens,
    multiplicity: elastic ? call.outputs : 0,
    ...(elastic && { elastic }),
    ...(cost && { cost }),
    ...(!cost && isPrintable(model) && { unpriced: model }),
  };
}

/** What is known of the model, and of another one that the body names. Without a price of the first there is none. */
function pricedModels(
  { provider, model, otherModel }: CountedCall,
  { table, now }: CurrentPrices,
): PricedModel[] {
  const [priced, other] = [model, otherModel].map((name) =>
    name === undefined ? undefined : table.find(provider, name, now),
  );
  return priced ? [priced, ...(other ? [other] : [])] : [];
}

/** `undefined` when one is not known. */
function widestWindow(models: readonly PricedModel[]): number | undefined {
  const windows = models.map(({ contextWindow = Infinity }) => contextWindow);
  const widest = Math.max(...windows);
  return Number.isFinite(widest) ? widest : undefined;
}

/** The highest of both numbers. `undefined` when the first cost is not known. */
function dearest([first, other]: readonly (HighestCost | undefined)[]): HighestCost | undefined {
  if (!first || !other) return first;
  return {
    input: Math.max(first.input, other.input),
    perOutputToken: Math.max(first.perOutputToken, other.perOutputToken),
  };
}

/** It goes to the log, and somebody may have put a token in its place. */
function isPrintable(model: string | undefined): model is string {
  return model !== undefined && isPlain(model) && !model.startsWith("eyJ");
}

function assertBounded(
  { model, otherModel, needs }: CountedCall,
  window: number | undefined,
): void {
  const { hosted, isInBackground, isUnbounded, unbounded } = needs;
  const reason = "tokens or cost are counted here, and what it bills has no bound.";
  if ([model, otherModel].some((name) => name !== undefined && SEARCHING_MODELS.test(name))) {
    throw violation("model", `it searches the web; ${reason}`);
  }
  if (hosted !== undefined) throw violation(hosted, reason);
  if (isInBackground) throw violation("background", reason);
  if (!isUnbounded || window !== undefined) return;
  throw violation(
    unbounded,
    "tokens or cost are counted here, and the context window of the model is not known. The operator can add it to `prices`.",
  );
}

function hasOneOf(body: JsonObject, paths: readonly MemberPath[] = []): boolean {
  return paths.some((path) => (memberAt(body, path) ?? null) !== null);
}

/** How many answers a request asks for, each of which may be as long as the cap. */
export function outputsOf(operation: Operation, body: JsonObject | undefined): number {
  return body ? Math.max(1, ...numbersAt(body, operation.multiplicity)) : 1;
}

// A cap near the context window leaves no room for a prompt, and models have lower limits of their own.
const SHARE_OF_WINDOW = 4;

function elasticOf(
  { operation, body, asksForCap }: CountedCall,
  window = Infinity,
): Elastic | undefined {
  const { caps, tokens } = operation;
  if (!caps || !tokens || !body) return undefined;
  const [thinking = 0] = tokens.thinking ? numbersAt(body, [tokens.thinking]) : [];
  const set = numbersAt(body, caps);
  const usual = Math.min(tokens.usualCap, Math.floor(window / SHARE_OF_WINDOW)) + thinking;
  const most = Math.min(set.length > 0 ? Math.max(...set) : usual, window);
  const least = thinking > 0 ? Math.max(tokens.leastCap, thinking + 1) : tokens.leastCap;
  return { least: Math.min(least, most), most, isAsked: asksForCap };
}

/** The positive integers at some places. */
function numbersAt(body: JsonObject, paths: readonly MemberPath[] = []): number[] {
  const values = paths.map((path) => Number(memberAt(body, path) ?? NaN));
  return values.filter((value) => Number.isSafeInteger(value) && value > 0);
}
