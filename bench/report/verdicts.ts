import type { Result } from "../scenario.ts";
import { medianOf, renderTable } from "./markdown.ts";
import { type Target, TARGETS } from "./targets.ts";

/**
 * Compares the medians with the targets.
 *
 * @param results by the names of the scenarios; the targets of other scenarios are left out
 * @param targets default: the targets of the project
 * @returns a sentence and a table in Markdown; empty when there is no target
 */
export function renderVerdicts(
  results: Readonly<Record<string, Result>>,
  targets: readonly Target[] = TARGETS,
): string {
  const rows = targets
    .filter(({ scenario }) => results[scenario])
    .map((target) => withFloor(target, results))
    .map((target) => formatVerdict(target, findMeasured(target, results)));
  if (rows.length === 0) return "";
  const limits = rows.filter((row) => row.at(-1) !== FLOOR);
  const met = limits.filter((row) => row.at(-1) === "met").length;
  const columns = ["medians", "target", "measured", "verdict"];
  return `${met} of ${limits.length} are met.\n\n${renderTable(columns, rows)}`;
}

const FLOOR = "the runtime's floor";

function formatVerdict(target: Target, measured: number | undefined): string[] {
  const { text, atMost, atLeast, isFloor } = target;
  if (isFloor) return [text, "–", measured?.toFixed(2) ?? "–", FLOOR];
  const limit = atMost === undefined ? `at least ${round(atLeast!)}` : `at most ${round(atMost)}`;
  if (measured === undefined) return [text, limit, "–", "not measured"];
  const excess = excessOf(target, measured);
  const verdict =
    excess > 0 ? `**missed** by ${(excess * 100).toFixed(excess < 0.1 ? 1 : 0)} %` : "met";
  return [text, limit, measured.toFixed(2), verdict];
}

/** No gateway on this runtime can do better than its floor. */
function withFloor(target: Target, results: Readonly<Record<string, Result>>): Target {
  const { atMost, atLeast, orFloor } = target;
  const floor = orFloor && findMeasured({ ...target, row: orFloor }, results);
  if (!floor) return target;
  if (atMost !== undefined) return { ...target, atMost: Math.max(atMost, floor) };
  return { ...target, atLeast: Math.min(atLeast!, floor) };
}

/** The figure that a target limits; undefined when it was not measured. */
function findMeasured(
  { scenario, group, key, row, by, less }: Target,
  results: Readonly<Record<string, Result>>,
): number | undefined {
  const findMedian = (title: string, name: string) => {
    const found = results[scenario]?.groups.find((one) => one.title === title);
    return found && medianOf(found, name, key);
  };
  const value = findMedian(group, row);
  if (less) return differenceOf(value, findMedian(less.group, row));
  if (!by) return value;
  const reference = "row" in by ? findMedian(group, by.row) : findMedian(by.group, row);
  return value === undefined || reference === undefined ? undefined : value / reference;
}

function differenceOf(value: number | undefined, less: number | undefined): number | undefined {
  return value === undefined || less === undefined ? undefined : value - less;
}

/** A floor as it is measured has many digits. */
function round(limit: number): number {
  return Number(limit.toFixed(2));
}

/** How far a target is missed, as a fraction of it; 0 or less when it is met. */
function excessOf({ atMost, atLeast }: Target, measured: number): number {
  return atMost === undefined ? 1 - measured / atLeast! : measured / atMost - 1;
}
