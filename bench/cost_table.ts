import type { Cost } from "./peers/fleet.ts";
import { formatRatio, formatSpread, type Table } from "./report.ts";
import { type Spread, spread } from "./statistics.ts";

/** What one row cost, round for round. */
export interface CostSeries {
  name: string;
  costs: readonly Cost[];
}

/**
 * A table of CPU time a request, with ratios of medians to some of the rows.
 *
 * @param heading of the first column
 * @param series the rows
 * @param references a row's name for each column of ratios, by the column's heading
 */
export function costTable(
  heading: string,
  series: readonly CostSeries[],
  references: Readonly<Record<string, string>>,
): Table {
  const cpu = new Map(series.map(({ name, costs }) => [name, cpuSpread(costs)]));
  const ratios = (name: string) =>
    Object.values(references).map((reference) =>
      formatRatio(cpu.get(name)?.median, cpu.get(reference)?.median),
    );
  return {
    columns: [
      heading,
      "µs of CPU a request",
      ...Object.keys(references).map((column) => `÷ ${column}`),
      "requests/s",
    ],
    rows: series.map(({ name, costs }) => {
      const own = cpu.get(name);
      const throughput = spread(costs.map(({ load }) => load.requests / load.seconds));
      const rate = throughput.median.toFixed(0);
      return [name, own ? formatSpread(own) : "–", ...ratios(name), rate];
    }),
  };
}

function cpuSpread(costs: readonly Cost[]): Spread | undefined {
  const values = costs.flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? []);
  return values.length > 0 ? spread(values) : undefined;
}
