import { describe, expect, test } from "bun:test";
import { renderGroup } from "../../../bench/report/markdown.ts";
import { renderPlot } from "../../../bench/report/plots/render_plot.ts";
import { colorOfRow, colorsOfRows, legendHeight } from "../../../bench/report/plots/style.ts";
import { type Target, TARGETS } from "../../../bench/report/targets.ts";
import { renderVerdicts } from "../../../bench/report/verdicts.ts";
import type { Result } from "../../../bench/scenario.ts";
import { SCENARIOS } from "../../../bench/scenarios/mod.ts";

const GROWTH: Result = {
  title: "Growth",
  text: "",
  growth: "apps",
  quantities: [{ key: "cpu", label: "µs of CPU" }],
  references: [],
  groups: [
    { title: "1 app", x: 1, series: rowsOf(50) },
    { title: "9 apps", x: 9, series: rowsOf(60) },
  ],
};

function rowsOf(cpu: number) {
  return [
    { name: "Signway", samples: { cpu: [cpu - 1, cpu, cpu + 100] } },
    { name: "nginx & njs", samples: { cpu: [40] } },
    { name: "no gateway", samples: {} },
  ];
}

const TARGET: Target = {
  text: "CPU",
  scenario: "growth",
  group: "9 apps",
  key: "cpu",
  row: "Signway",
};

describe("renderVerdicts", () => {
  test.each<[string, Partial<Target>, string]>([
    ["at most, met", { by: { row: "nginx & njs" }, atMost: 1.5 }, "1.50 | met"],
    ["at most, missed", { by: { row: "nginx & njs" }, atMost: 1.2 }, "1.50 | **missed** by 25 %"],
    ["at least, met", { by: { row: "nginx & njs" }, atLeast: 1.5 }, "1.50 | met"],
    ["at least, missed", { by: { row: "nginx & njs" }, atLeast: 3 }, "1.50 | **missed** by 50 %"],
    ["of another group", { by: { group: "1 app" }, atMost: 1.05 }, "1.20 | **missed** by 14 %"],
    ["less another group", { less: { group: "1 app" }, atMost: 8 }, "10.00 | **missed** by 25 %"],
    ["of nothing", { atLeast: 25 }, "60.00 | met"],
    ["over a floor", { atMost: 30, orFloor: "nginx & njs" }, "40 | 60.00 | **missed** by 50 %"],
    ["over itself", { atMost: 50, orFloor: "nginx & njs" }, "50 | 60.00 | **missed** by 20 %"],
    ["under a floor", { atLeast: 70, orFloor: "nginx & njs" }, "40 | 60.00 | met"],
    ["within a floor", { atLeast: 70, orFloor: "Signway" }, "60 | 60.00 | met"],
    ["a floor above it", { atLeast: 30, orFloor: "nginx & njs" }, "30 | 60.00 | met"],
    ["without samples", { by: { row: "no gateway" }, atMost: 1 }, "– | not measured"],
  ])("%s", (_, target, expected) => {
    const text = renderVerdicts({ growth: GROWTH }, [{ ...TARGET, ...target }]);
    expect(text.split("\n").at(-1)!.replaceAll(/ +/g, " ")).toContain(`${expected} |`);
    expect(text).toStartWith(expected.endsWith("met") ? "1 of 1" : "0 of 1");
  });

  test("counts no floor as a target", () => {
    const targets: Target[] = [
      { ...TARGET, by: { row: "nginx & njs" }, isFloor: true },
      { ...TARGET, atMost: 60 },
    ];
    const text = renderVerdicts({ growth: GROWTH }, targets);
    expect(text).toStartWith("1 of 1 are met");
    expect(text.replaceAll(/ +/g, " ")).toContain("| CPU | – | 1.50 | the runtime's floor |");
  });

  test("leaves out the targets of scenarios that were not run", () => {
    expect(renderVerdicts({ growth: GROWTH })).toBe("");
  });
});

test("renderGroup writes a note in the place of a figure", () => {
  const late = { name: "late", samples: { cpu: [70] }, notes: { rate: "fell behind" } };
  const quantities = [...GROWTH.quantities, { key: "rate", label: "requests/s" }];
  const table = renderGroup({ ...GROWTH, quantities }, { title: "", series: [late] });
  expect(table.replaceAll(/ +/g, " ")).toContain("| late | 70.0 | fell behind |");
});

test("every target speaks of a scenario", () => {
  for (const { scenario } of TARGETS) expect(Object.keys(SCENARIOS)).toContain(scenario);
});

describe("renderPlot", () => {
  const { growth: _, ...bars } = GROWTH;

  test.each([
    ["lines of growth", GROWTH, ["apps", "µs of CPU", "Signway", "nginx &amp; njs"]],
    ["bars of groups", bars, ["1 app", "9 apps", "Signway", "nginx &amp; njs", ">60<"]],
    ["bars of rows", { ...bars, groups: bars.groups.slice(1) }, ["Signway", ">60<"]],
  ])("draws %s", (_name, result, texts) => {
    const svg = renderPlot(result);
    expect(svg).toStartWith("<svg ");
    for (const text of texts) expect(svg).toContain(text);
    expect(svg).not.toContain("no gateway");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("gives each line of a plot a colour of its own, and a known row its own in each plot", () => {
    const names = ["a", "Signway", "nginx, plain proxy", "b", "c"];
    const colors = colorsOfRows(names);
    expect(new Set(colors).size).toBe(names.length);
    expect(colors.slice(1, 3)).toEqual(names.slice(1, 3).map(colorOfRow));
  });

  test("gives several rows of Signway shades of their own", () => {
    const colors = colorsOfRows(["Signway", "nginx, plain proxy", "Signway, budgets in Redis"]);
    expect(new Set(colors).size).toBe(3);
    expect(colors[0]).toBe(colorOfRow("Signway"));
  });

  test("leaves room for a legend of two lines", () => {
    const names = Array.from({ length: 7 }, (_, index) => `a gateway with a name ${index}`);
    expect(legendHeight(names.slice(0, 3), 800)).toBe(40);
    expect(legendHeight(names, 800)).toBe(40 + 54);
  });
});
