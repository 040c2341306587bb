import { withReceipt } from "../../../gateway/ledger/algorithm/receipts.ts";
import type {
  AmountCounter,
  OpenRow,
  PastRow,
  RateCounter,
  ReservedAmount,
  ScopeRow,
} from "../../../gateway/ledger/algorithm/rows.ts";

// Rows are stored as JSON arrays without names, which are half as long.
type CounterTuple =
  | [name: string, settled: number, reserved: number, end: number, until: number]
  | [name: string, tat: number, until: number];

type AmountTuple = [
  scope: ReservedAmount["scope"],
  name: string,
  kind: ReservedAmount["kind"],
  amount: number,
  until: number | null,
  end: number | null,
];

/** Writes the counters of a scope as text. */
export function scopeText(row: ScopeRow): string {
  return JSON.stringify(row.map(tupleOf));
}

/** Reads the counters of a scope from {@link scopeText}. */
export function parseScope(text: string): ScopeRow {
  return (JSON.parse(text) as CounterTuple[]).map((tuple) => {
    if (tuple.length === 3) {
      const [name, tat, until] = tuple;
      return { name, tat, until };
    }
    const [name, settled, reserved, end, until] = tuple;
    return { name, settled, reserved, end, until };
  });
}

/** Writes what a reservation holds as text. What its receipt says comes last. */
export function amountsText(row: OpenRow): string {
  const tuples = row.map(({ scope, name, kind, amount, until = null, end = null }): AmountTuple => {
    return [scope, name, kind, amount, until, end];
  });
  return JSON.stringify(row.receipt === undefined ? tuples : [...tuples, row.receipt]);
}

/** Reads what a reservation holds from {@link amountsText}. */
export function parseAmounts(text: string): OpenRow {
  const tuples = JSON.parse(text) as (AmountTuple | string)[];
  const last = tuples.at(-1);
  if (typeof last !== "string") return (tuples as AmountTuple[]).map(amountOf);
  return withReceipt((tuples.slice(0, -1) as AmountTuple[]).map(amountOf), last);
}

function amountOf([scope, name, kind, amount, until, end]: AmountTuple): ReservedAmount {
  return {
    scope,
    name,
    kind,
    amount,
    ...(until !== null && { until }),
    ...(end !== null && { end }),
  };
}

/** Writes a reservation that is no longer open as text. */
export function pastText({ charged, until }: PastRow): string {
  return JSON.stringify(charged ? [until, amountsText(charged)] : [until]);
}

/** Reads a reservation that is no longer open from {@link pastText}. */
export function parsePast(text: string): PastRow {
  const [until, charged] = JSON.parse(text) as [until: number, charged?: string];
  return charged === undefined ? { until } : { until, charged: parseAmounts(charged) };
}

function tupleOf(counter: AmountCounter | RateCounter): CounterTuple {
  if ("tat" in counter) return [counter.name, counter.tat, counter.until];
  const { name, settled, reserved, end, until } = counter;
  return [name, settled, reserved, end, until];
}
