import type { Result } from "../scenario.ts";
import { medianOf, renderTable } from "./markdown.ts";
import { type Target, TARGETS } from "./targets.ts";

/**
 * Holds the medians against the targets.
 *
 * @param results by the names of the scenarios; targets of others are left out
 * @param targets default: those of the project
 * @returns a sentence and a table; empty without any target
 */
export function judge(
  results: Readonly<Record<string, Result>>,
  targets: readonly Target[] = TARGETS,
): string {
  const rows = targets
    .filter(({ scenario }) => results[scenario])
    .map((target) => rowOf(target, measure(target, results)));
  if (rows.length === 0) return "";
  const met = rows.filter((row) => row.at(-1) === "met").length;
  const columns = ["medians", "target", "measured", "verdict"];
  return `${met} of ${rows.length} are met.\n\n${renderTable(columns, rows)}`;
}

function rowOf(target: Target, measured: number | undefined): string[] {
  const { text, atMost, atLeast } = target;
  const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  if (measured === undefined) return [text, wanted, "–", "not measured"];
  const by = missedBy(target, measured);
  const verdict = by > 0 ? `**missed** by ${(by * 100).toFixed(by < 0.1 ? 1 : 0)} %` : "met";
  return [text, wanted, measured.toFixed(2), verdict];
}

function measure(
  { scenario, group, key, row, by }: Target,
  results: Readonly<Record<string, Result>>,
): number | undefined {
  const find = (title: string, name: string) => {
    const found = results[scenario]?.groups.find((one) => one.title === title);
    return found && medianOf(found, name, key);
  };
  const value = find(group, row);
  if (!by) return value;
  const reference = "row" in by ? find(group, by.row) : find(by.group, row);
  return value === undefined || reference === undefined ? undefined : value / reference;
}

/** What is lacking, as a part of the target; 0 or less when it is met. */
function missedBy({ atMost, atLeast }: Target, measured: number): number {
  return atMost === undefined ? 1 - measured / atLeast! : measured / atMost - 1;
}
