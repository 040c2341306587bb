/** A calendar period in UTC, after which a budget starts again. */
export type Period = "day" | "month";

/** A limit on an amount, in all or in each calendar period. */
export interface Budget {
  /** The most units: tokens, or nano-dollars for a cost. */
  readonly limit: number;
  /** Absent: in all. */
  readonly period?: Period;
}

/** The largest limit and the largest amount. The difference of two of them is an exact integer of a double. */
export const MAX_AMOUNT = 9_000_000_000_000_000;

/** The number of nano-dollars in a dollar. Costs are counted in them. */
export const NANO_DOLLARS = 1_000_000_000;

const FORM = /^(\d{1,16}(?:\.\d{1,9})?)(?:\/(day|month))?$/;

/**
 * Parses a budget of tokens, such as `50000` or `"2000000/day"`.
 *
 * @param value a whole number, or a text `NUMBER/day`, `NUMBER/month` or `NUMBER`
 * @returns the budget; `undefined` for another form and for more than 9 · 10^15 tokens
 */
export function parseTokenBudget(value: number | string): Budget | undefined {
  return parseBudget(value, 1);
}

/**
 * Parses a budget of US dollars, such as `0.05` or `"50/day"`.
 *
 * @param value a number of dollars, or a text `DOLLARS/day`, `DOLLARS/month` or `DOLLARS`
 * @returns the budget in nano-dollars, rounded to the nearest one; `undefined` for another form and for more
 *   than 9,000,000 dollars
 */
export function parseCostBudget(value: number | string): Budget | undefined {
  return parseBudget(value, NANO_DOLLARS);
}

function parseBudget(value: number | string, units: number): Budget | undefined {
  const [, digits, period] = typeof value === "string" ? (FORM.exec(value) ?? []) : [];
  if (typeof value === "string" && digits === undefined) return undefined;
  const amount = typeof value === "number" ? value : Number(digits);
  const limit = units === 1 ? amount : Math.round(amount * units);
  if (!Number.isSafeInteger(limit) || limit < 0 || limit > MAX_AMOUNT) return undefined;
  return period === undefined ? { limit } : { limit, period: period as Period };
}
