import type { EChartsOption } from "echarts";
import { type Spread, spreadOf } from "../../measure/statistics.ts";
import type { Group, Result } from "../../scenario.ts";
import { AXIS, colorOfRow, colorsOfRows, LEGEND, legendHeight, TEXT_COLOR } from "./style.ts";
import { rowNames } from "./rows.ts";
import { BAR_WIDTH, createWhiskers } from "./whiskers.ts";

/** The bars of one colour, from the first category to the last. */
interface BarSeries {
  /** The name in the legend. */
  name: string;
  /** The colour in the legend. */
  color: string;
  bars: Bar[];
}

interface Bar {
  /** Undefined when it was not measured. */
  spread: Spread | undefined;
  color: string;
}

const LABEL_WIDTH = 240;

/**
 * Plots the medians of a result's first quantity as horizontal bars. A single group has a bar for each
 * row and no legend; several groups have a bar in each row's colour.
 *
 * @param result the result
 * @param width of the plot, in pixels
 */
export function createBarPlot(
  result: Result,
  width: number,
): { option: EChartsOption; height: number } {
  const { key, label } = result.quantities[0]!;
  const { groups } = result;
  const names = rowNames(result, key);
  const isSingle = groups.length === 1;
  const categories = isSingle ? names : groups.map(({ title }) => title);
  const all = isSingle ? [barsOfRows(groups[0]!, names, key)] : barsOfGroups(groups, names, key);
  const top = isSingle ? 10 : legendHeight(names, width);
  return {
    height: 50 + Math.max(top, 40) + categories.length * (all.length * BAR_WIDTH * 1.25 + 22),
    option: {
      legend: { ...LEGEND, show: !isSingle, data: all.map(({ name }) => name) },
      grid: { left: LABEL_WIDTH, right: 70, top, bottom: 50 },
      xAxis: { ...AXIS, type: "value", name: label, nameLocation: "middle", nameGap: 28 },
      yAxis: {
        ...AXIS,
        type: "category",
        data: categories.map((name) => name.replaceAll("`", "")),
        inverse: true,
        axisLabel: { color: TEXT_COLOR, width: LABEL_WIDTH - 50, overflow: "break" },
      },
      series: all.flatMap((series, index) => [
        createBars(series),
        createWhiskers(
          series.bars.map(({ spread }) => spread),
          index,
          all.length,
        ),
      ]),
    },
  };
}

/** One series with a bar for each row. */
function barsOfRows(group: Group, names: readonly string[], key: string): BarSeries {
  const bars = names.map((name) => ({
    spread: findSpread(group, name, key),
    color: colorOfRow(name),
  }));
  return { name: "", color: colorOfRow(""), bars };
}

/** A series for each row with a bar for each group. */
function barsOfGroups(
  groups: readonly Group[],
  names: readonly string[],
  key: string,
): BarSeries[] {
  const colors = colorsOfRows(names);
  return names.map((name, index) => {
    const color = colors[index]!;
    const bars = groups.map((group) => ({ spread: findSpread(group, name, key), color }));
    return { name, color, bars };
  });
}

function findSpread({ series }: Group, name: string, key: string): Spread | undefined {
  const samples = series.find((row) => row.name === name)?.samples[key];
  return samples?.length ? spreadOf(samples) : undefined;
}

function createBars({ name, color, bars }: BarSeries) {
  const data = bars.map(({ spread, color }) => ({
    value: spread?.median ?? null,
    itemStyle: { color },
  }));
  return { type: "bar" as const, name, color, barWidth: BAR_WIDTH, barGap: "25%", data };
}
