/** What a ledger counts: requests, requests in time, open exchanges, bytes, LLM tokens and nano-dollars. */
export type CounterKind = "uses" | "rate" | "concurrent" | "bytes" | "tokens" | "cost";

/** The kinds of counters that hold an amount. A rate holds a time instead. */
export type AmountKind = Exclude<CounterKind, "rate">;

/** The kinds whose amount is known only when the exchange ends. */
export type ReportedKind = "bytes" | "tokens" | "cost";

/** The largest limit and the largest amount. The difference of two of them is an exact integer of a double. */
export const MAX_AMOUNT = 9_000_000_000_000_000;
