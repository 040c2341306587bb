import { describeMachine, describeVersions } from "./machine.ts";
import type { Spread } from "./statistics.ts";

/** What a scenario found. */
export interface Section {
  title: string;
  /** What was done, in a few sentences of Markdown. */
  text: string;
  tables: Table[];
}

export interface Table {
  /** The first column holds names, all others numbers. */
  columns: string[];
  rows: string[][];
}

/** `median (min–max)`, with as many digits as mean anything. */
export function formatSpread({ median, min, max }: Spread): string {
  const digits = median < 10 ? 2 : median < 1000 ? 1 : 0;
  const [middle, low, high] = [median, min, max].map((value) => value.toFixed(digits));
  return `${middle} (${low}–${high})`;
}

/** How many times as large as a reference; a dash without one. */
export function formatRatio(value: number | undefined, reference: number | undefined): string {
  return value === undefined || reference === undefined ? "–" : (value / reference).toFixed(2);
}

/** The whole report as Markdown. */
export function renderReport(sections: readonly Section[], load: string): string {
  const about = [
    `Machine: ${describeMachine()}; load average ${load}.`,
    `Versions: ${describeVersions()}.`,
    `Measured on ${new Date().toISOString().slice(0, 10)}.`,
  ];
  return [about.join("\n"), ...sections.map(renderSection)].join("\n\n") + "\n";
}

function renderSection({ title, text, tables }: Section): string {
  return [`## ${title}`, text, ...tables.map(renderTable)].join("\n\n");
}

function renderTable({ columns, rows }: Table): string {
  const widths = columns.map((_, i) =>
    Math.max(...[columns, ...rows].map((row) => row[i]!.length)),
  );
  const line = (cells: string[]) => `| ${cells.map((cell, i) => pad(cell, i)).join(" | ")} |`;
  const pad = (cell: string, i: number) =>
    i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!);
  const rule = widths.map((width, i) =>
    i === 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":",
  );
  return [line(columns), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}
