import packageJson from "../../../../package.json" with { type: "json" };
import { PROBLEMS, type ProblemCode } from "../../../gateway/problem/problems.ts";
import type { Table } from "../activity/activity_sums.ts";
import type { Extent, PeriodUsage } from "../activity/gateways_usage.ts";
import { UPSTREAM_STATUS, type Usage } from "../activity/usage.ts";
import { pageOf, type Period } from "../activity/usage_windows.ts";
import type { ApiSources, ProcessState } from "../sources.ts";
import type { ApiInput, Endpoint } from "./endpoint.ts";
import { moment } from "./moment.ts";
import { overview, refusals, rowsOf, rowsQuery, subjectsQuery } from "./schemas.ts";

const MINUTE_MS = 60_000;
const DAYS = 31;

/** The endpoints that tell what happened. */
export const USAGE_ENDPOINTS: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/api/overview",
    summary: "What the gateway is, and what happened in the last hour and the last 31 days.",
    status: 200,
    response: overview,
    handle: describeAll,
  },
  {
    method: "GET",
    path: "/api/apps",
    summary: "How much each app and route used in an hour or a day.",
    query: rowsQuery,
    status: 200,
    response: rowsOf("app"),
    handle: (sources, input) => tableOf(sources, input, "apps", ["app"]),
  },
  {
    method: "GET",
    path: "/api/subjects",
    summary: "How much each end user used in this or the last hour or day.",
    query: subjectsQuery,
    status: 200,
    response: rowsOf("app", "subject"),
    handle: (sources, input) => tableOf(sources, input, "subjects", ["app", "subject"]),
  },
  {
    method: "GET",
    path: "/api/models",
    summary: "How much was used of each model in an hour or a day.",
    query: rowsQuery,
    status: 200,
    response: rowsOf("model"),
    handle: (sources, input) => tableOf(sources, input, "models", ["model"]),
  },
  {
    method: "GET",
    path: "/api/refusals",
    summary: "The last 200 requests that were refused or failed, the latest first.",
    status: 200,
    response: refusals,
    handle: lastRefusals,
  },
];

async function lastRefusals({ activity, refresh }: ApiSources) {
  await refresh();
  return {
    refusals: activity.refusals.map((entry) => ({ ...entry, remedy: remedyOf(entry.code) })),
  };
}

const OF_UPSTREAM =
  "The upstream answered with this status. Its body says why; so may the log of its API, by the request id.";

function remedyOf(code: string): string {
  if (code === UPSTREAM_STATUS) return OF_UPSTREAM;
  return PROBLEMS[code as ProblemCode]?.detail ?? "";
}

/**
 * Tells what the gateway is and what happened.
 *
 * @param sources of the API
 */
export async function describeAll(sources: ApiSources) {
  const { activity, now, revocations, startedAt } = sources;
  const [states] = await Promise.all([sources.processes(), sources.refresh()]);
  const sum = (of: (state: ProcessState) => number) =>
    states.reduce((total, state) => total + of(state), 0);
  return {
    version: packageJson.version,
    now: moment(now()),
    started_at: moment(startedAt),
    uptime_s: Math.max(0, Math.round((now() - startedAt) / 1000)),
    processes: states.length,
    generation: Math.max(0, ...states.map(({ generation }) => generation)),
    open: sum(({ open }) => open),
    sockets: sum(({ sockets }) => sockets),
    revocations: { in_force: revocations.inForce.length, is_stale: revocations.isStale },
    total: activity.totals,
    time_to_first_byte: {
      last_minute: activity.latency(MINUTE_MS),
      last_hour: activity.latency(60 * MINUTE_MS),
    },
    ...(await describeDays(sources)),
    last_hour: activity.slots().map((slot) => ({ ...slot, at: moment(slot.at) })),
  };
}

/** The usage of all apps on each day, the latest first. */
async function describeDays({ usage }: ApiSources) {
  const all = await Promise.all(Array.from({ length: DAYS }, (_, back) => usage.day(back)));
  const days = all.map(({ from, total }) => ({ day: moment(from), ...total }));
  return {
    gateways: leastOf(all.map(({ gateways }) => gateways)),
    days: days.filter(({ requests }, back) => back === 0 || requests > 0),
  };
}

function leastOf(extents: readonly Extent[]): Extent {
  return extents.find((extent) => extent !== "all") ?? "all";
}

async function tableOf(
  sources: ApiSources,
  { query }: ApiInput,
  table: Table,
  columns: readonly string[],
) {
  const { search = "", app } = query;
  const wanted = search.toLowerCase();
  const matches = (names: readonly string[]) =>
    (app === undefined || names[0] === app) &&
    (wanted === "" || names.some((name) => name.toLowerCase().includes(wanted)));
  const period = (query["period"] ?? "day") as Period;
  await sources.refresh();
  const {
    from,
    gateways,
    rows: all,
  } = await usageOf(sources, table, period, Number(query["back"] ?? 0));
  const { total, rows } = pageOf(all, {
    sort: (query["sort"] ?? "requests") as keyof Usage,
    limit: Number(query["limit"] ?? 50),
    offset: Number(query["offset"] ?? 0),
    matches,
  });
  const named = rows.map(({ names, ...usage }) => ({
    ...Object.fromEntries(columns.map((column, i) => [column, names[i] ?? ""])),
    ...usage,
  }));
  return { period, from: moment(from), gateways, total, rows: named };
}

async function usageOf(
  { activity, usage }: ApiSources,
  table: Table,
  period: Period,
  back: number,
): Promise<PeriodUsage> {
  if (table !== "subjects") return usage.read(table, period, back);
  return { ...activity.rows(table, period, back), gateways: "this" };
}
