import type { Problem } from "../../lib/gateway/problem/problem.ts";
import { PROBLEMS } from "../../lib/gateway/problem/problems.ts";
import { fillTables } from "./fill_tables.ts";
import { markdownTable } from "./markdown_table.ts";
import { whoActs } from "./who_acts.ts";

/**
 * Writes the table of all codes into a text, by status.
 *
 * @param text docs/errors.md
 * @returns the same text with a new table
 * @throws Error when the markers of the table are missing
 */
export function fillProblemTable(text: string): string {
  const all = Object.entries(PROBLEMS).sort(
    ([a, { status: first }], [b, { status: second }]) => first - second || (a < b ? -1 : 1),
  );
  const rows = all.map(([code, problem]) => [
    `\`${code}\``,
    String(problem.status),
    whoActs(code),
    retryOf(problem),
    problem.detail,
  ]);
  return fillTables(text, {
    problems: markdownTable([
      ["code", "status", "who acts", "try again", "what it says, and how to mend it"],
      ...rows,
    ]),
  });
}

function retryOf({ retryAfter, isFinal }: Problem): string {
  if (isFinal) return "no";
  return retryAfter === undefined ? "" : `after ${retryAfter} s`;
}
