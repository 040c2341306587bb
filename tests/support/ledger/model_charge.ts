import type { Report } from "../../../lib/gateway/ledger/store.ts";
import type { Held } from "./model_counters.ts";

/** What is charged for an amount. */
export function chargeOf({ kind, amount }: Held, report: Report): number {
  if (kind === "concurrent") return 0;
  if (kind === "uses") return amount;
  const used = report[kind as keyof Report];
  return used !== undefined && Number.isInteger(used) && used >= 0 && used < 2 ** 53
    ? used
    : amount;
}
