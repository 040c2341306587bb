import type { CustomSeriesOption, CustomSeriesRenderItemAPI } from "echarts";
import type { Spread } from "../../measure/statistics.ts";
import { FONT, TEXT_COLOR } from "./style.ts";

/** The thickness of a bar, in pixels. */
export const BAR_WIDTH = 15;

/**
 * Draws a thin line from the least to the most of all rounds over each bar, and the median in digits
 * behind it.
 *
 * @param spreads by category; undefined where there is no bar
 * @param index of the series among those of a category
 * @param count of the series
 */
export function createWhiskers(
  spreads: readonly (Spread | undefined)[],
  index: number,
  count: number,
): CustomSeriesOption {
  const offset = (index - (count - 1) / 2) * BAR_WIDTH * 1.25;
  return {
    type: "custom",
    data: spreads.flatMap((spread, category) =>
      spread ? [[spread.min, category, spread.max, spread.median]] : [],
    ),
    encode: { x: [0, 2], y: 1 },
    silent: true,
    z: 3,
    renderItem: (_, api) => renderWhisker(api, offset),
  };
}

function renderWhisker(api: CustomSeriesRenderItemAPI, offset: number) {
  const [min, category, max, median] = [0, 1, 2, 3].map((column) => Number(api.value(column)));
  const [left, middle] = api.coord([min!, category!]) as [number, number];
  const [right] = api.coord([max!, category!]) as [number, number];
  const y = middle + offset;
  const text = { text: formatMedian(median!), x: right + 6, y, fill: TEXT_COLOR };
  return {
    type: "group" as const,
    children: [
      {
        type: "line" as const,
        shape: { x1: left, y1: y, x2: right, y2: y },
        style: { stroke: TEXT_COLOR, lineWidth: 2 },
      },
      {
        type: "text" as const,
        style: { ...text, font: `12px ${FONT}`, verticalAlign: "middle" as const },
      },
    ],
  };
}

function formatMedian(median: number): string {
  const digits = median < 10 ? 2 : median < 100 ? 1 : 0;
  return median.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
