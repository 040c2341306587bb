import type { CounterReading, ReadOperation, ResetOperation, Results } from "../store.ts";
import { amountCounter, expiryOf, withCounter } from "./counters.ts";
import type { AmountCounter, Moment, RateCounter, Rows } from "./rows.ts";

/**
 * Reads the counters of scopes.
 *
 * @param rows of the app
 * @param operation the scopes
 * @param at the store's time
 * @returns the counters of each scope, with past periods ended, in the order of their names
 */
export function read(rows: Rows, { scopes }: ReadOperation, at: Moment): CounterReading[][] {
  return scopes.map((scope) =>
    (rows.scope(scope) ?? [])
      .filter((counter) => expiryOf(counter) > at.now)
      .map((counter) => readingOf(counter, at))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/**
 * Sets what is settled to 0 in the counters of scopes. What is reserved stays reserved, and rates stay.
 *
 * @param rows of the app
 * @param operation the scopes
 * @param at the store's time
 * @returns the number of counters that were changed
 */
export function reset(rows: Rows, { scopes }: ResetOperation, at: Moment): Results["reset"] {
  let count = 0;
  for (const scope of scopes) {
    for (const stored of rows.scope(scope) ?? []) {
      if (!isAmount(stored)) continue;
      const counter = amountCounter([stored], stored.name, at);
      if (counter.settled === 0) continue;
      rows.setScope(scope, withCounter(rows.scope(scope), { ...counter, settled: 0 }, at.now));
      count++;
    }
  }
  return { count };
}

function readingOf(stored: AmountCounter | RateCounter, at: Moment): CounterReading {
  if (!isAmount(stored)) return { name: stored.name, fullAt: Math.ceil(stored.tat / 1000) };
  const { name } = stored;
  const { settled, reserved, end } = amountCounter([stored], name, at);
  return { name, settled, reserved, ...(end > 0 && { endsAt: end }) };
}

function isAmount(counter: AmountCounter | RateCounter): counter is AmountCounter {
  return "settled" in counter;
}
