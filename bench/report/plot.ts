import * as echarts from "echarts";
import type { CustomSeriesOption, EChartsOption } from "echarts";
import { spread } from "../measure/statistics.ts";
import type { Result, Series } from "../scenario.ts";

// All of them can be told apart on white and on GitHub's dark page, so that one picture does for both.
const TEXT = "#7d8590";
const GRID = "#7d859040";
const SIGNWAY = "#f76707";
const PEER = "#4c8bf5";
/** Whoever is in several plots has the same colour in each. */
const COLORS: Readonly<Record<string, string>> = {
  "nginx with njs": "#12a5a5",
  "nginx, plain proxy": PEER,
  "bare Bun pass-through": "#a371f7",
  "bare Bun, bodies read": "#d6558f",
  "Portkey's gateway": "#b98a17",
};
const WIDTH = 800;
const LABELS = 240;
const BAR = 15;
const FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

/** Draws a result's first quantity: lines where something grows, bars elsewhere. The answer is SVG. */
export function plot(result: Result): string {
  const { option, height } = result.growth === undefined ? bars(result) : lines(result);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: "transparent",
    textStyle: { color: TEXT, fontFamily: FONT },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

// Text is wider in a browser than it is taken for without one.
const LEGEND = { top: 0, itemGap: 40, itemWidth: 14, textStyle: { color: TEXT } };
const AXIS = {
  axisLabel: { color: TEXT },
  axisLine: { lineStyle: { color: TEXT } },
  nameTextStyle: { color: TEXT },
  splitLine: { lineStyle: { color: GRID } },
};

function bars(result: Result): { option: EChartsOption; height: number } {
  const { key, label } = result.quantities[0]!;
  const { groups } = result;
  const names = rowNames(result, key);
  // A single group has its rows side by side, without a legend.
  const isSingle = groups.length === 1;
  const categories = isSingle ? names : groups.map(({ title }) => title);
  const rows = isSingle ? [""] : names;
  const found = (row: string, index: number) => {
    const [group, name] = isSingle ? [groups[0]!, names[index]!] : [groups[index]!, row];
    const samples = group.series.find((series) => series.name === name)?.samples[key];
    return samples?.length ? spread(samples) : undefined;
  };
  const series = rows.flatMap((row, place) => {
    const spreads = categories.map((_, index) => found(row, index));
    const data = spreads.map((one, index) => ({
      value: one?.median ?? null,
      itemStyle: { color: colorOf(isSingle ? names[index]! : row) },
    }));
    const color = colorOf(row);
    const bar = { type: "bar" as const, name: row, color, barWidth: BAR, barGap: "25%", data };
    const reach = spreads.flatMap((one, index) =>
      one ? [[one.min, index, one.max, one.median]] : [],
    );
    return [bar, whiskers(reach, place, rows.length)];
  });
  const height = 90 + categories.length * (rows.length * BAR * 1.25 + 22);
  return {
    height,
    option: {
      legend: { ...LEGEND, show: !isSingle, data: rows },
      grid: { left: LABELS, right: 70, top: isSingle ? 10 : 40, bottom: 50 },
      xAxis: { ...AXIS, type: "value", name: label, nameLocation: "middle", nameGap: 28 },
      yAxis: {
        ...AXIS,
        type: "category",
        data: categories.map((name) => name.replaceAll("`", "")),
        inverse: true,
        axisLabel: { color: TEXT, width: LABELS - 50, overflow: "break" },
      },
      series,
    },
  };
}

const colorOf = (name: string) => (name.startsWith("Signway") ? SIGNWAY : (COLORS[name] ?? PEER));

/** From the least to the most of all rounds, and the median in digits behind it. */
function whiskers(data: number[][], place: number, count: number): CustomSeriesOption {
  return {
    type: "custom",
    data,
    encode: { x: [0, 2], y: 1 },
    silent: true,
    z: 3,
    renderItem(_, api) {
      const [min, index, max, median] = [0, 1, 2, 3].map((at) => Number(api.value(at)));
      const [left, middle] = api.coord([min!, index!]) as [number, number];
      const [right] = api.coord([max!, index!]) as [number, number];
      const y = middle + (place - (count - 1) / 2) * BAR * 1.25;
      const digits = median! < 10 ? 2 : median! < 100 ? 1 : 0;
      const text = median!.toLocaleString("en", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      return {
        type: "group",
        children: [
          {
            type: "line",
            shape: { x1: left, y1: y, x2: right, y2: y },
            style: { stroke: TEXT, lineWidth: 2 },
          },
          {
            type: "text",
            style: {
              text,
              x: right + 6,
              y,
              fill: TEXT,
              font: `12px ${FONT}`,
              verticalAlign: "middle",
            },
          },
        ],
      };
    },
  };
}

function lines(result: Result): { option: EChartsOption; height: number } {
  const { key, label } = result.quantities[0]!;
  const names = rowNames(result, key);
  const series = names.map((name) => ({
    type: "line" as const,
    name,
    color: colorOf(name),
    symbol: "circle",
    symbolSize: 8,
    data: result.groups.flatMap(({ x, series: all }) => {
      const samples = all.find((one) => one.name === name)?.samples[key];
      return samples ? [[x!, spread(samples).median]] : [];
    }),
  }));
  const values = (at: 0 | 1) => series.flatMap(({ data }) => data.map((point) => point[at]!));
  return {
    height: 360,
    option: {
      legend: LEGEND,
      grid: { left: 80, right: 40, top: 60, bottom: 60 },
      xAxis: {
        ...AXIS,
        ...scaleOf(values(0)),
        name: result.growth!,
        nameLocation: "middle",
        nameGap: 30,
      },
      yAxis: { ...AXIS, ...scaleOf(values(1)), name: label },
      series,
    },
  };
}

function scaleOf(values: readonly number[]): { type: "log" | "value"; min: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (!(least > 0 && most / least > 50)) return { type: "value", min: 0 };
  return { type: "log", min: 10 ** Math.floor(Math.log10(least)) };
}

/** The rows that have samples, each once. */
function rowNames({ groups }: Result, key: string): string[] {
  const has = ({ samples }: Series) => (samples[key]?.length ?? 0) > 0;
  return [...new Set(groups.flatMap(({ series }) => series.filter(has).map(({ name }) => name)))];
}
