import { BUDGET } from "./fleet.ts";
import { ERRORS, isError, judge, OUTCOMES, type Verdict } from "./judge.ts";
import type { Entry } from "./ledger.ts";
import { memoryTrend } from "./memory.ts";
import type { SoakResult } from "./soak.ts";

/** The end of a run, as text and as a verdict on the whole. */
export interface Report {
  text: string;
  failed: boolean;
}

const SHOWN = 20;
const MIB = 1024 * 1024;

// 150 MiB of a gateway at work with its supervisor, 64 exchanges of 2.5 MiB, the budget of unverified bodies,
// and as much beyond the budget as tests/server/unverified/ allow.
const MOST_A_WORKER = 150 * MIB + 64 * 2.5 * MIB + BUDGET + 112 * MIB;

/** Judges every entry and writes it all down. */
export function report(result: SoakResult, workers: number): Report {
  const { ledger, fleet, samples, flooding, complaints } = result;
  const judged = [...ledger.entries.values()].map((entry): [Entry, Verdict] => [
    entry,
    judge(entry, ledger),
  ]);
  const errors = judged.filter(([, verdict]) => isError(verdict));
  const { before, after, slope, keepsGrowing } = memoryTrend(samples);
  const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
  const problems = [...complaints];
  if (keepsGrowing) problems.push("memory keeps growing");
  const most = Math.max(...samples.map(({ bytes }) => bytes));
  if (most > MOST_A_WORKER * workers) problems.push("memory is over its bound");
  if (!judged.some(([, verdict]) => verdict === "identical"))
    problems.push("nothing was exchanged");
  const text = [
    table("traffic", judged, ({ plan }) => plan.kind),
    table("fault", judged, ({ plan }) => plan.fault),
    `refused with: ${countsOf(judged.flatMap(([{ observed }]) => observed?.code ?? []))}`,
    `done to the gateway: ${list(fleet.disturbances) || "nothing"}`,
    `its own records: ${list(fleet.outcomes)}`,
    `floods: ${list(flooding.floods)}; answered with: ${list(flooding.answers)}`,
    `memory: ${mib(before)} MiB, then ${mib(after)} MiB; ${mib(slope * 60)} MiB a minute; ${mib(most)} MiB at most`,
    ...errors
      .slice(0, SHOWN)
      .map(([entry, verdict]) => `ERROR ${verdict} ${JSON.stringify(entry)}`),
    ...problems.map((problem) => `ERROR ${problem}`),
    `exchanges: ${judged.length}, errors: ${errors.length + problems.length}`,
  ].join("\n");
  return { text, failed: errors.length + problems.length > 0 };
}

/** Rows by some name, columns by verdict, as Markdown. */
function table(
  title: string,
  judged: readonly [Entry, Verdict][],
  nameOf: (entry: Entry) => string,
): string {
  const wrong = ERRORS.filter((error) => judged.some(([, verdict]) => verdict === error));
  const columns: Verdict[] = [...OUTCOMES, ...wrong];
  const rows = Map.groupBy(judged, ([entry]) => nameOf(entry));
  const line = (name: string, entries: readonly [Entry, Verdict][]): string => {
    const counts = columns.map((column) => entries.filter(([, verdict]) => verdict === column));
    return `| ${[name, ...counts.map(({ length }) => length), entries.length].join(" | ")} |`;
  };
  return [
    `| ${[title, ...columns, "all"].join(" | ")} |`,
    `| --- |${" ---: |".repeat(columns.length + 1)}`,
    ...[...rows]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, entries]) => line(name, entries)),
    line("all", judged),
    "",
  ].join("\n");
}

function countsOf(names: readonly string[]): string {
  return list(new Map([...Map.groupBy(names, (name) => name)].map(([n, all]) => [n, all.length])));
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
