/** The things that a ledger counts: requests, requests in time, open exchanges, bytes, LLM tokens and nano-dollars. */
export type CounterKind = "uses" | "rate" | "concurrent" | "bytes" | "tokens" | "cost";

/** The kinds of counters that hold an amount. A rate holds a time instead. */
export type AmountKind = Exclude<CounterKind, "rate">;

/** The kinds whose amount is known only when the exchange ends. */
export type ReportedKind = "bytes" | "tokens" | "cost";

export { MAX_AMOUNT } from "../../../signing/verify.ts";
