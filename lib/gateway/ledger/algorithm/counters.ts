import { MAX_AMOUNT } from "../forms/counter.ts";
import type { Period } from "../forms/period.ts";
import { isCredentialScope } from "../forms/scope.ts";
import type { AmountCounter, Moment, RateCounter, ReservedAmount, Rows, ScopeRow } from "./rows.ts";

/** How long a counter is kept after it can be asked for, in milliseconds. */
export const KEPT_MS = 3_600_000;

// A counter without a period is forgotten so long after its last use.
const UNUSED_MS = 400 * 86_400_000;

const NEVER = Number.MAX_SAFE_INTEGER;

/** A change of a counter of an amount. */
export interface Change {
  settled: number;
  reserved: number;
  /** The settled amount changes in the period with this end alone. Absent: in each. */
  inPeriod?: number | undefined;
}

/**
 * Returns a counter of an amount with the past period ended: what is settled becomes 0, and what is reserved stays.
 *
 * @param row of its scope
 * @param name of the counter
 * @param at the store's time
 */
export function amountCounter(
  row: ScopeRow | undefined,
  name: string,
  { now, endOf }: Moment,
): AmountCounter {
  const found = find(row, name) as AmountCounter | undefined;
  const isKnown = found !== undefined && expiryOf(found) > now;
  if (isKnown && (found.end === 0 || found.end > now)) return found;
  const period = periodOf(name);
  const end = period === undefined ? 0 : endOf(period, now);
  if (!isKnown) return { name, settled: 0, reserved: 0, end, until: 0 };
  return { name, settled: 0, reserved: found.reserved, end, until: found.until };
}

/** Returns the counter of a rate; `undefined` when all of its burst is there. */
export function rateCounter(row: ScopeRow | undefined, name: string): RateCounter | undefined {
  return find(row, name) as RateCounter | undefined;
}

/**
 * Changes the counter that an amount was taken from.
 *
 * @param rows of the app
 * @param held the amount
 * @param change of the counter, in which the past period has ended
 * @param at the store's time
 * @returns the end of the counter's period
 */
export function changeAmount(
  rows: Rows,
  { scope, name, until = 0 }: ReservedAmount,
  { settled, reserved, inPeriod }: Change,
  at: Moment,
): number {
  const row = rows.scope(scope);
  const counter = amountCounter(row, name, at);
  const { end } = counter;
  const isInPeriod = inPeriod === undefined || inPeriod === end;
  const sum = counter.settled + (isInPeriod ? settled : 0);
  const changed = {
    name,
    settled: Math.min(Math.max(sum, 0), MAX_AMOUNT),
    reserved: counter.reserved + reserved,
    end,
    until: isCredentialScope(scope) ? Math.max(counter.until, until) : keptUntil(end, at.now),
  };
  rows.setScope(scope, withCounter(row, changed, at.now));
  return end;
}

/** Returns a row with one counter replaced, and without the counters that hold nothing. */
export function withCounter(
  row: ScopeRow | undefined,
  counter: AmountCounter | RateCounter,
  now: number,
): ScopeRow {
  const kept: (AmountCounter | RateCounter)[] = isEmpty(counter) ? [] : [counter];
  if (!row) return kept;
  for (const other of row) {
    if (other.name !== counter.name && expiryOf(other) > now) kept.push(other);
  }
  return kept;
}

/** Returns when a counter may be forgotten. What is reserved is not, however long the exchange lasts. */
export function expiryOf(counter: AmountCounter | RateCounter): number {
  return "reserved" in counter && counter.reserved > 0 ? NEVER : counter.until;
}

/**
 * Returns until when a counter is kept that was just used and belongs to no credential.
 *
 * @param end the end of its period; 0: it has none
 * @param now milliseconds since the epoch
 */
export function keptUntil(end: number, now: number): number {
  return end === 0 ? now + UNUSED_MS : end + KEPT_MS;
}

function find(row: ScopeRow | undefined, name: string): AmountCounter | RateCounter | undefined {
  if (row) for (const counter of row) if (counter.name === name) return counter;
  return undefined;
}

function isEmpty(counter: AmountCounter | RateCounter): boolean {
  return "settled" in counter && counter.settled === 0 && counter.reserved === 0;
}

/** Returns the period in the name of a counter. */
function periodOf(name: string): Period | undefined {
  if (name.endsWith("/day")) return "day";
  return name.endsWith("/month") ? "month" : undefined;
}
