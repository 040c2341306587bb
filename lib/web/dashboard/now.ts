import { byId, element, table } from "./elements.ts";
import { extentOf } from "./extents.ts";
import { dollars, milliseconds, short, span, whole } from "./numbers.ts";
import { update } from "./update.ts";

const SLOT_S = 10;
const SLOTS = 360;

/** Shows the state of the gateway, and remembers the last hour. */
export class LiveView {
  /** What happened in slots of ten seconds, by their start. */
  readonly #slots = new Map<string, any>();

  /**
   * Shows the state.
   *
   * @param overview of the admin API, whose last hour may have the newest slots only
   */
  show(overview: any): void {
    const now = Date.parse(overview.now);
    for (const slot of overview.last_hour) this.#slots.set(slot.at, slot);
    for (const at of this.#slots.keys()) {
      if (Date.parse(at) < now - SLOTS * SLOT_S * 1000) this.#slots.delete(at);
    }
    showState(overview, [...this.#slots.values()], now);
  }
}

function showState(overview: any, slots: readonly any[], now: number): void {
  const { version, processes, generation, uptime_s, open, sockets, total } = overview;
  const { last_minute: minute } = overview.time_to_first_byte;
  const workers = `${processes} ${processes === 1 ? "process" : "processes"}`;
  byId("about").textContent =
    `${version}, up ${span(uptime_s)}, ${workers}, settings loaded ${generation} ${generation === 1 ? "time" : "times"}`;
  const last = slots.filter(({ at }) => Date.parse(at) > now - 60_000);
  const sum = (key: string) => last.reduce((all, slot) => all + slot[key], 0);
  const share = sum("requests") === 0 ? 0 : (100 * sum("errors")) / sum("requests");
  showTiles([
    ["Requests in the last minute", whole(sum("requests"))],
    ["Errors in the last minute", `${short(share)} %`],
    ["Open requests", whole(open - sockets)],
    ["Open WebSockets", whole(sockets)],
    ["First byte, median", milliseconds(minute.p50_ms)],
    ["First byte, 99 %", milliseconds(minute.p99_ms)],
    ["Requests since the start", whole(total.requests)],
    ["Errors since the start", whole(total.errors)],
    ["Tokens since the start", whole(total.input_tokens + total.output_tokens)],
    ["Cost since the start", dollars(total.cost_usd)],
    ["Revocations", whole(overview.revocations.in_force)],
  ]);
  byId("plots").replaceChildren(plot("requests", slots, now), plot("errors", slots, now));
  byId("days-of").textContent = extentOf(overview.gateways);
  showDays(overview.days);
}

function showTiles(tiles: readonly (readonly [string, string])[]): void {
  const parts = tiles.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value)),
  );
  update(byId("tiles"), ...parts);
}

/** A line of the last hour. Its largest value is said in words. */
function plot(key: "requests" | "errors", slots: readonly any[], now: number): HTMLElement {
  const values: number[] = Array.from({ length: SLOTS }, () => 0);
  for (const slot of slots) {
    const back = Math.floor((now - Date.parse(slot.at)) / (SLOT_S * 1000));
    if (back >= 0 && back < SLOTS) values[SLOTS - 1 - back] = slot[key];
  }
  const most = Math.max(1, ...values);
  const points = values.map((value, i) => `${i},${100 - (98 * value) / most}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${SLOTS - 1} 100`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", `M${points.join("L")}`);
  if (key === "errors") path.setAttribute("class", "bad");
  svg.append(path);
  const caption = `${key === "errors" ? "Errors" : "Requests"} in 10 s, last hour, at most ${whole(Math.max(...values))}`;
  return element("figure", {}, element("figcaption", {}, caption), svg);
}

function showDays(days: any[]): void {
  const columns = [
    { title: "Day (UTC)", cell: ({ day }: any) => day.slice(0, 10) },
    { title: "Requests", cell: (row: any) => whole(row.requests), isNumber: true },
    { title: "Errors", cell: (row: any) => whole(row.errors), isNumber: true },
    {
      title: "Tokens",
      cell: (row: any) => whole(row.input_tokens + row.output_tokens),
      isNumber: true,
    },
    { title: "Cost", cell: (row: any) => dollars(row.cost_usd), isNumber: true },
  ];
  update(byId("days"), table(days, columns, { empty: "Nothing yet.", keyOf: ({ day }) => day }));
}
