import type { CounterLimits, Rate } from "../../signing/verify.ts";

export {
  type Budget,
  COUNTER_KEYS,
  type CounterLimits,
  type OnAbort,
  type Rate,
} from "../../signing/verify.ts";

/** The limits that count for one credential: those of the token and of all policies together. */
export interface CredentialLimits extends Omit<CounterLimits, "rate"> {
  /** Every rate applies: none of two need be the smaller one. Absent: none. */
  rates?: readonly Rate[];
}

/**
 * Combines limits that count for one credential. Of two numbers the smaller one counts.
 *
 * @param all the limits of the token and of each policy
 * @returns `undefined` when there is none
 */
export function combineLimits(
  all: readonly (CounterLimits | CredentialLimits)[],
): CredentialLimits | undefined {
  if (all.length === 0) return undefined;
  const combined: CredentialLimits = {};
  for (const limits of all) {
    for (const key of ["uses", "concurrent", "bytes"] as const) {
      const limit = limits[key];
      if (limit !== undefined) combined[key] = Math.min(limit, combined[key] ?? Infinity);
    }
    for (const key of ["tokens", "cost"] as const) {
      const { limit = Infinity } = limits[key] ?? {};
      if (limit < (combined[key]?.limit ?? Infinity)) combined[key] = { limit };
    }
  }
  const rates = all.flatMap(ratesOf);
  return rates.length > 0 ? { ...combined, rates } : combined;
}

/** All rates of limits. */
export function ratesOf(limits: CounterLimits | CredentialLimits): readonly Rate[] {
  if ("rates" in limits) return limits.rates ?? [];
  return "rate" in limits && limits.rate ? [limits.rate] : [];
}

/** Whether limits count what an API of models reports: LLM tokens or their cost. */
export function limitUsage(limits: Pick<CounterLimits, "tokens" | "cost"> | undefined): boolean {
  return limits !== undefined && (limits.tokens !== undefined || limits.cost !== undefined);
}
