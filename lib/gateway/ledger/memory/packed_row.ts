import type { AmountCounter, RateCounter, ScopeRow } from "../algorithm/rows.ts";
import type { Names } from "./names.ts";

/** How many numbers a counter takes. */
export const COUNTER_SIZE = 5;

// The numbers of a counter: its name, what is settled or the arrival time of a rate, what is reserved, the end
// of the period, and when it may be forgotten.
const NAME = 0;
const AMOUNT = 1;
const RESERVED = 2;
const END = 3;
const UNTIL = 4;

// What a rate has in place of what is reserved.
const IS_RATE = -1;

/**
 * Writes the counters of a scope as numbers.
 *
 * @param numbers with {@link COUNTER_SIZE} of them for each counter
 * @param start where they begin
 * @param row the counters
 * @param names of counters
 */
export function writeRow(numbers: Float64Array, start: number, row: ScopeRow, names: Names): void {
  let at = start;
  for (const counter of row) {
    const isRate = "tat" in counter;
    numbers[at + NAME] = names.numberOf(counter.name);
    numbers[at + AMOUNT] = isRate ? counter.tat : counter.settled;
    numbers[at + RESERVED] = isRate ? IS_RATE : counter.reserved;
    numbers[at + END] = isRate ? 0 : counter.end;
    numbers[at + UNTIL] = counter.until;
    at += COUNTER_SIZE;
  }
}

/**
 * Reads counters from {@link writeRow}.
 *
 * @param numbers that hold them
 * @param start where they begin
 * @param end where they end
 * @param names of counters
 */
export function readRow(numbers: Float64Array, start: number, end: number, names: Names): ScopeRow {
  const row: (AmountCounter | RateCounter)[] = [];
  for (let at = start; at < end; at += COUNTER_SIZE) row.push(readCounter(numbers, at, names));
  return row;
}

/**
 * Whether one of the counters is not to be forgotten yet.
 *
 * @param numbers that hold them
 * @param start where they begin
 * @param end where they end
 * @param now milliseconds since the epoch
 */
export function isKept(numbers: Float64Array, start: number, end: number, now: number): boolean {
  for (let at = start; at < end; at += COUNTER_SIZE) {
    if (numbers[at + RESERVED]! > 0 || numbers[at + UNTIL]! > now) return true;
  }
  return false;
}

function readCounter(numbers: Float64Array, at: number, names: Names): AmountCounter | RateCounter {
  const name = names.get(numbers[at + NAME]!);
  const amount = numbers[at + AMOUNT]!;
  const reserved = numbers[at + RESERVED]!;
  const until = numbers[at + UNTIL]!;
  if (reserved === IS_RATE) return { name, tat: amount, until };
  return { name, settled: amount, reserved, end: numbers[at + END]!, until };
}
