import * as echarts from "echarts";
import type { Result } from "../../scenario.ts";
import { createBarPlot } from "./bar_plot.ts";
import { createLinePlot } from "./line_plot.ts";
import { FONT, TEXT_COLOR } from "./style.ts";

const WIDTH = 800;

/**
 * Draws a result's first quantity: lines when the result has an axis of growth, else bars.
 *
 * @returns the picture as SVG
 */
export function renderPlot(result: Result): string {
  const isGrowth = result.growth !== undefined;
  const { option, height } = isGrowth ? createLinePlot(result) : createBarPlot(result, WIDTH);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    backgroundColor: "transparent",
    textStyle: { color: TEXT_COLOR, fontFamily: FONT },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
