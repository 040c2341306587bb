import type { EChartsOption } from "echarts";
import { spreadOf } from "../../measure/statistics.ts";
import type { Result } from "../../scenario.ts";
import { AXIS, colorsOfRows, LEGEND } from "./style.ts";
import { rowNames } from "./rows.ts";

/** Plots the medians of a result's first quantity as one line for each row. */
export function createLinePlot(result: Result): { option: EChartsOption; height: number } {
  const { key, label } = result.quantities[0]!;
  const names = rowNames(result, key);
  const colors = colorsOfRows(names);
  const series = names.map((name, index) => ({
    ...createLine(result, name, key),
    color: colors[index]!,
  }));
  const coordinates = (axis: 0 | 1) => series.flatMap(({ data }) => data.map((at) => at[axis]!));
  return {
    height: 360,
    option: {
      legend: LEGEND,
      grid: { left: 80, right: 40, top: 60, bottom: 60 },
      xAxis: {
        ...AXIS,
        ...scaleOf(coordinates(0)),
        name: result.growth!,
        nameLocation: "middle",
        nameGap: 30,
      },
      yAxis: { ...AXIS, ...scaleOf(coordinates(1)), name: label },
      series,
    },
  };
}

function createLine({ groups }: Result, name: string, key: string) {
  return {
    type: "line" as const,
    name,
    symbol: "circle",
    symbolSize: 8,
    data: groups.flatMap(({ x, series }) => {
      const samples = series.find((row) => row.name === name)?.samples[key];
      return samples ? [[x!, spreadOf(samples).median]] : [];
    }),
  };
}

/** A logarithmic scale for values that are far apart, else a linear one from zero. */
function scaleOf(values: readonly number[]): { type: "log" | "value"; min: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(least > 0 && most / least > 50)) return { type: "value", min: 0 };
  return { type: "log", min: 10 ** Math.floor(Math.log10(least)) };
}
