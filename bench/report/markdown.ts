import { type Spread, spreadOf } from "../measure/statistics.ts";
import type { Group, Result, Series } from "../scenario.ts";

/** `median (min–max)`, with no more digits than are meaningful. */
export function formatSpread({ median, min, max }: Spread): string {
  const digits = median < 10 ? 2 : median < 1000 ? 1 : 0;
  const [middle, low, high] = [median, min, max].map((value) => value.toFixed(digits));
  return low === high ? middle! : `${middle} (${low}–${high})`;
}

/** The median of one row of a group; undefined when it was not measured. */
export function medianOf(group: Group, name: string, key: string): number | undefined {
  const samples = group.series.find((series) => series.name === name)?.samples[key];
  return samples?.length ? spreadOf(samples).median : undefined;
}

/** A value divided by a reference; a dash when one of them is missing. */
export function formatRatio(value: number | undefined, reference: number | undefined): string {
  return value === undefined || !reference ? "–" : (value / reference).toFixed(2);
}

/** A group as a table, with the ratios of the first quantity to each reference in the group. */
export function renderGroup({ quantities, references }: Result, group: Group): string {
  const { key } = quantities[0]!;
  const present = references.filter((name) => medianOf(group, name, key) !== undefined);
  const formatCell = ({ samples, notes }: Series, quantity: string) => {
    const found = samples[quantity];
    return found?.length ? formatSpread(spreadOf(found)) : (notes?.[quantity] ?? "–");
  };
  const rows = group.series.map((series) => [
    series.name,
    formatCell(series, key),
    ...present.map((name) =>
      formatRatio(medianOf(group, series.name, key), medianOf(group, name, key)),
    ),
    ...quantities.slice(1).map((quantity) => formatCell(series, quantity.key)),
  ]);
  const [first, ...others] = quantities.map(({ label }) => label);
  return renderTable([group.title, first!, ...present.map((name) => `÷ ${name}`), ...others], rows);
}

/** A table. Its first column has names, the others have numbers. */
export function renderTable(columns: readonly string[], rows: readonly string[][]): string {
  const widths = columns.map((_, i) =>
    Math.max(...[columns, ...rows].map((row) => row[i]!.length)),
  );
  const pad = (text: string, i: number) =>
    i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!);
  const line = (cells: readonly string[]) => `| ${cells.map(pad).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [line(columns), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}
