import type { Usage } from "../model/usage.ts";
import type { MemberPath, NumberPlace, UsagePlaces } from "../providers/operation.ts";
import { MAX_MODEL_NAME } from "./prices.ts";

/** A value that was parsed from JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** The value of a text; `undefined` when there is no text, or it is no JSON. */
export function parseJson(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** The member at a path; `undefined` when it or an object on the way is absent. */
export function jsonAt(value: Json | undefined, path: MemberPath): Json | undefined {
  let found = value;
  for (const name of path) {
    if (!isJsonTable(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

/** Whether a value is an object and no list. */
export function isJsonTable(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads the numbers of a report.
 *
 * @param report the object with the numbers
 * @param model the name of the model in the answer
 * @param places the members of the report
 * @returns `undefined` when a number is missing, or is no integer from 0 to 2^53 - 1, so that there is no report
 */
export function usageIn(
  report: Json,
  model: Json | undefined,
  places: UsagePlaces,
): Usage | undefined {
  if (!isJsonTable(report) || hasOtherSteps(report, places)) return undefined;
  const input = sumOf(report, places.input, true);
  const listed = sumOf(report, places.output, !places.omitsZeros);
  const total = places.total ? sumOf(report, [places.total], false) : 0;
  const output = Math.max(listed, total - input);
  const details = {
    cached: places.cached && sumOf(report, [places.cached], false),
    cacheWrite: places.cacheWrite && sumOf(report, [places.cacheWrite], false),
    longCacheWrite: places.longCacheWrite && numberAt(report, places.longCacheWrite),
    reasoning: places.reasoning && sumOf(report, [places.reasoning], false),
    audioInput: places.audioInput && numberAt(report, places.audioInput),
    audioOutput: places.audioOutput && numberAt(report, places.audioOutput),
  };
  const numbers = [input, output, ...Object.values(details).map((number) => number ?? 0)];
  if (!numbers.every(isCount)) return undefined;
  const isNamed = typeof model === "string" && model !== "" && model.length <= MAX_MODEL_NAME;
  return {
    ...(isNamed && { model }),
    input,
    output,
    ...present(details),
  };
}

/** Other models, and work that the sums leave out, are billed too. */
function hasOtherSteps(report: Json, { steps }: UsagePlaces): boolean {
  const list = (steps && jsonAt(report, steps)) ?? [];
  return !Array.isArray(list) || list.some((step) => jsonAt(step, ["type"]) !== "message");
}

/** The number at a place; 0 when it is absent, and NaN when it is no number. */
function numberAt(report: Json, place: NumberPlace): number {
  if (isMemberPath(place)) return sumOf(report, [place], false);
  const { list, member, text, number } = place;
  const elements = jsonAt(report, [list]) ?? [];
  if (!Array.isArray(elements)) return NaN;
  const found = elements.filter((element) => jsonAt(element, [member]) === text);
  return found.reduce<number>((sum, element) => sum + sumOf(element, [[number]], false), 0);
}

function isMemberPath(place: NumberPlace): place is MemberPath {
  return Array.isArray(place);
}

/** The sum of the numbers at some places. NaN when one is no number, or the first is missing and required. */
function sumOf(report: Json, paths: readonly MemberPath[], isRequired: boolean): number {
  let sum = 0;
  for (const [index, path] of paths.entries()) {
    const number = jsonAt(report, path) ?? null;
    if (number === null && !(isRequired && index === 0)) continue;
    if (typeof number !== "number" || !isCount(number)) return NaN;
    sum += number;
  }
  return sum;
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

function present(details: Record<string, number | undefined>): Partial<Usage> {
  return Object.fromEntries(Object.entries(details).filter(([, number]) => number));
}
