import { z } from "zod";
import {
  type Budget,
  MAX_AMOUNT,
  parseCostBudget,
  parseRate,
  parseTokenBudget,
} from "../../signing/verify.ts";
import { fieldsOf } from "./fields_of.ts";
import type { SettingRows } from "./setting_row.ts";

const RATE = "a rate such as 10/s, 60/min, 1000/h or 5000/day burst 10";

const rate = z.string(RATE).transform((value, context) => {
  const parsed = parseRate(value);
  if (parsed) return parsed;
  context.addIssue({ code: "custom", message: `must be ${RATE}` });
  return z.NEVER;
});

const AMOUNT = "a whole number from 1 to 9e15";

const amount = z.number(AMOUNT).int(AMOUNT).min(1).max(MAX_AMOUNT);

const budget = (
  number: z.ZodNumber,
  expected: string,
  parse: (value: number | string) => Budget | undefined,
) =>
  z.union([number, z.string()], { message: expected }).transform((value, context) => {
    const parsed = parse(value);
    if (parsed && parsed.limit > 0) return parsed;
    context.addIssue({ code: "custom", message: `must be ${expected}` });
    return z.NEVER;
  });

const TOKENS = 'a number of tokens such as 50000, or one in a period: "2000000/day" or "/month"';
const COST = 'a number of dollars such as 0.5, or one in a period: "50/day" or "/month"';

/** The limits of `[app.limits]`, `[app.upstream.limits]` and `[app.limits.subject]`. */
export const LIMIT_ROWS = {
  uses: {
    type: amount,
    description: "Maximum number of requests, in all. Default: no limit.",
  },
  rate: {
    type: rate,
    description: "Maximum number of requests in time. Default: no limit.",
    details:
      "`10/s`, `60/min`, `1000/h` or `5000/day`, alone or with ` burst 10` behind it. The burst is the number of requests that may come at once; its default is a tenth of the number, at least 1.",
  },
  concurrent: {
    type: amount,
    description: "Maximum number of exchanges that are open at once. Default: no limit.",
    details: "Unlike `max_connections`, it counts for all workers together, and refuses with 429.",
  },
  bytes: {
    type: amount,
    description: "Maximum number of bytes of response bodies, in all. Default: no limit.",
  },
  tokens: {
    type: budget(amount, TOKENS, parseTokenBudget),
    description: "Maximum number of LLM tokens, inputs and outputs. Default: no limit.",
    details:
      'In all, or in each day or month in UTC: `50000` or `"2000000/day"`. Requests must then be known operations of the API, as under a [policy](policies.md).',
  },
  cost: {
    type: budget(z.number(COST).positive(), COST, parseCostBudget),
    description: "Maximum cost in US dollars, by the price table. Default: no limit.",
    details:
      'In all, or in each day or month in UTC: `0.5` or `"50/day"`. Requests must then be known operations of the API, as under a [policy](policies.md).',
  },
} as const satisfies SettingRows;

/** The settings of `[app.limits]`. */
export const APP_LIMIT_ROWS = {
  ...LIMIT_ROWS,
  subject: {
    type: z.strictObject(fieldsOf(LIMIT_ROWS)),
    details:
      "[The limits of each end user](#applimitssubject). A request without the `sub` of a token is then refused.",
  },
} as const satisfies SettingRows;

/** An `[app.limits]` table. */
export const appLimits = z.strictObject(fieldsOf(APP_LIMIT_ROWS));

/** An `[app.upstream.limits]` table. */
export const ruleLimits = z.strictObject(fieldsOf(LIMIT_ROWS));
