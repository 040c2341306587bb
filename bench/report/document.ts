import type { Effort, Result } from "../scenario.ts";
import { describeMachine, describeVersions } from "./machine.ts";
import { renderGroup } from "./markdown.ts";

/** How the results came about. */
export interface Run {
  effort: Effort;
  /** Seconds. */
  took: number;
  load: string;
}

/** The whole report as Markdown. */
export function renderDocument(results: Readonly<Record<string, Result>>, run: Run): string {
  const { rounds, seconds, smoke } = run.effort;
  const warmUp = smoke ? "without a warm-up" : "after one to warm up";
  const about = [
    `${describeMachine()}; load average ${run.load}. ${describeVersions()}.`,
    `Median (minimum–maximum) of ${rounds} interleaved rounds of ${seconds} s ${warmUp};`,
    `${run.took} s in all, on ${new Date().toISOString().slice(0, 10)}.`,
  ].join("\n");
  const sections = Object.values(results).flatMap((result) => [
    `## ${result.title}`,
    result.text,
    ...result.groups.map((group) => renderGroup(result, group)),
  ]);
  return `${["# Benchmarks", about, ...sections].join("\n\n")}\n`;
}
