import { join } from "node:path";
import type { Effort, Result } from "../scenario.ts";
import { describeMachine, describeVersions } from "./machine.ts";
import { renderGroup } from "./markdown.ts";
import { renderPlot } from "./plots/render_plot.ts";
import { renderVerdicts } from "./verdicts.ts";

/** The circumstances of a run. */
export interface Run {
  effort: Effort;
  /** How long all scenarios took. */
  seconds: number;
  /** The load average of the machine before and after, as text. */
  load: string;
}

/** Results by the names of their scenarios. */
export type Results = Readonly<Record<string, Result>>;

const DOCS = join(import.meta.dir, "..", "..", "docs");
const PLOTS = "benchmarks";

/** Renders results as Markdown without plots. */
export async function renderResults(results: Results, run: Run): Promise<string> {
  const sections = Object.values(results).map((result) => renderSection(result));
  return `${[await describeRun(run), renderVerdicts(results), ...sections].filter(Boolean).join("\n\n")}\n`;
}

/**
 * Writes `docs/benchmarks.md` and its plots.
 *
 * @param results of all scenarios
 * @param run the circumstances
 */
export async function writeDocument(results: Results, run: Run): Promise<void> {
  // Before the plots are written, as it says whether files have changed since the commit.
  const header = await describeRun(run);
  const sections = await Promise.all(
    Object.entries(results).map(async ([name, result]) => {
      const path = `${PLOTS}/${name}.svg`;
      await Bun.write(join(DOCS, path), renderPlot(result));
      return renderSection(result, `![${result.title}: ${result.quantities[0]!.label}](${path})`);
    }),
  );
  const values: Record<string, string> = {
    about: header,
    targets: renderVerdicts(results),
    scenarios: sections.join("\n\n"),
  };
  const template = await Bun.file(join(import.meta.dir, "template.md")).text();
  const file = join(DOCS, "benchmarks.md");
  await Bun.write(
    file,
    template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name]!),
  );
  await Bun.$`${process.execPath} fmt ${file}`.quiet();
}

async function describeRun({ effort: { rounds, smoke }, seconds, load }: Run): Promise<string> {
  const warmUp = smoke ? "without a warm-up" : "after one to warm up";
  return [
    `${describeMachine()}; load average ${load}. ${await describeVersions()}.`,
    `Median (minimum–maximum) of ${rounds} interleaved rounds ${warmUp}; ${seconds} s in all, on`,
    `${new Date().toISOString().slice(0, 10)}.`,
  ].join("\n");
}

function renderSection(result: Result, plot?: string): string {
  const tables = result.groups.map((group) => renderGroup(result, group));
  const parts = [`## ${result.title}`, result.text, ...(plot ? [plot] : []), ...tables];
  return parts.join("\n\n");
}
