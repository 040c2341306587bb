// The colours can be told apart on white and on GitHub's dark page, so that one picture does for both.

export const TEXT_COLOR = "#7d8590";
const GRID_COLOR = "#7d859040";
const SIGNWAY_COLOR = "#f76707";
/** Of the rows of Signway in one plot, in their order. */
const SIGNWAY_SHADES = [SIGNWAY_COLOR, "#ffb37a", "#a84300"];
const PEER_COLOR = "#4c8bf5";

/** A row that is in several plots has the same colour in each. */
const ROW_COLORS: Readonly<Record<string, string>> = {
  "nginx with njs": "#12a5a5",
  "nginx, plain proxy": PEER_COLOR,
  "bare Bun pass-through": "#a371f7",
  "bare Bun, bodies read": "#d6558f",
  "Portkey's gateway": "#b98a17",
  "native operations alone": "#4c9f50",
  "LiteLLM's proxy": "#e5484d",
};

export const FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

// Text is wider in a browser than the library estimates without one.
export const LEGEND = { top: 0, itemGap: 40, itemWidth: 14, textStyle: { color: TEXT_COLOR } };

const LETTER_WIDTH = 6;

/**
 * The height of a legend, which the library breaks into lines but leaves no room for.
 *
 * @param names of the rows
 * @param width of the plot, in pixels
 * @returns the height, in pixels
 */
export function legendHeight(names: readonly string[], width: number): number {
  const { itemGap, itemWidth } = LEGEND;
  const widths = names.map((name) => name.length * LETTER_WIDTH + itemWidth + 5 + itemGap);
  const whole = widths.reduce((sum, one) => sum + one, -itemGap);
  return 40 + (Math.ceil(whole / width) - 1) * (itemGap + itemWidth);
}

export const AXIS = {
  axisLabel: { color: TEXT_COLOR },
  axisLine: { lineStyle: { color: TEXT_COLOR } },
  nameTextStyle: { color: TEXT_COLOR },
  splitLine: { lineStyle: { color: GRID_COLOR } },
};

const PALETTE = [PEER_COLOR, ...new Set(Object.values(ROW_COLORS)), SIGNWAY_COLOR];

/**
 * The colours of the rows of one plot, in their order. Several rows of Signway are of different shades. A row that is in
 * no other plot gets a colour that no row of this plot has, as long as there are any.
 *
 * @param names of the rows
 */
export function colorsOfRows(names: readonly string[]): string[] {
  const isKnown = (name: string) => name.startsWith("Signway") || Object.hasOwn(ROW_COLORS, name);
  const taken = new Set(names.filter(isKnown).map(colorOfRow));
  const ofSignway = names.filter((name) => name.startsWith("Signway"));
  return names.map((name) => {
    const shade = SIGNWAY_SHADES[ofSignway.indexOf(name)];
    if (shade) return shade;
    if (isKnown(name)) return colorOfRow(name);
    const color = PALETTE.find((one) => !taken.has(one)) ?? PEER_COLOR;
    taken.add(color);
    return color;
  });
}

/** The colour of a row. */
export function colorOfRow(name: string): string {
  return name.startsWith("Signway") ? SIGNWAY_COLOR : (ROW_COLORS[name] ?? PEER_COLOR);
}
