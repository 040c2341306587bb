import type { CounterReading } from "../../../gateway/ledger/store.ts";
import { NANO_DOLLARS } from "../../../signing/verify.ts";
import { withoutFraction } from "./lines.ts";

const NOTHING_OF_APP =
  "Nothing is counted for the whole app. For an end user or a token, add --subject or --token.\n";

/**
 * Writes counters for a terminal.
 *
 * @param counters of one scope
 * @param isWholeApp whether the scope is a whole app
 * @returns a line for each counter; a sentence when there is none
 */
export function countersText(counters: readonly CounterReading[], isWholeApp: boolean): string {
  if (counters.length === 0) return isWholeApp ? NOTHING_OF_APP : "Nothing is counted.\n";
  return counters.map((counter) => `${counter.name}: ${describeCounter(counter)}\n`).join("");
}

function describeCounter(counter: CounterReading): string {
  if ("fullAt" in counter) return `the whole burst is there from ${moment(counter.fullAt)} on`;
  const { name, settled, reserved, endsAt } = counter;
  const end = endsAt === undefined ? "" : `, until ${moment(endsAt)}`;
  return `${amount(name, settled)} used, ${amount(name, reserved)} reserved${end}`;
}

function amount(name: string, value: number): string {
  return name.startsWith("cost") ? `$${value / NANO_DOLLARS}` : String(value);
}

function moment(time: number): string {
  return withoutFraction(new Date(time).toISOString());
}
