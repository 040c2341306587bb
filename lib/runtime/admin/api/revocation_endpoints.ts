import type {
  Revocation,
  RevokedCredentials,
} from "../../../gateway/ledger/revocation/revocation.ts";
import type { ApiSources, OpenExchangeState } from "../sources.ts";
import { ApiError, type ApiInput, type Endpoint } from "./endpoint.ts";
import { moment } from "./moment.ts";
import { processStates } from "./process_states.ts";
import {
  changed,
  ended,
  exchanges,
  pageQuery,
  revocations,
  revocationsQuery,
  revokedBody,
} from "./schemas.ts";

/** The endpoints that end something. */
export const REVOCATION_ENDPOINTS: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/api/revocations",
    summary: "The revocations in force, the latest first.",
    query: revocationsQuery,
    status: 200,
    response: revocations,
    handle: list,
  },
  {
    method: "POST",
    path: "/api/revocations",
    summary:
      "Revokes a token by its jti, the tokens of an end user, or the credentials that were issued before a time (RFC 3339, or seconds since the epoch).",
    body: revokedBody,
    status: 201,
    response: changed,
    errors: ["app_unknown", "ledger_unavailable", "workers_silent"],
    handle: (sources, input) => change(sources, input, false),
  },
  {
    method: "DELETE",
    path: "/api/revocations",
    summary: "Lifts a revocation. The body is that with which it was made.",
    body: revokedBody,
    status: 200,
    response: changed,
    errors: ["app_unknown", "ledger_unavailable", "workers_silent"],
    handle: (sources, input) => change(sources, input, true),
  },
  {
    method: "GET",
    path: "/api/exchanges",
    summary: "The open exchanges, the oldest first, 500 of each process at most.",
    query: pageQuery,
    status: 200,
    response: exchanges,
    async handle(sources, { query }) {
      const states = await sources.processes();
      const all = states.flatMap((state) => state.exchanges);
      all.sort((one, other) => (sortKeyOf(one) < sortKeyOf(other) ? -1 : 1));
      const total = states.reduce((sum, { open }) => sum + open, 0);
      return { total, exchanges: paged(all, query) };
    },
  },
  {
    method: "DELETE",
    path: "/api/exchanges/{request_id}",
    summary: "Ends the open exchanges with an id.",
    status: 200,
    response: ended,
    errors: ["exchange_unknown"],
    async handle(sources, { id }) {
      const count = await sources.endExchange(id);
      if (count === 0) throw new ApiError("exchange_unknown");
      return { ended: count };
    },
  },
];

/** Those that began at the same moment have an order too, so that each is on one page. */
function sortKeyOf({ since, request_id: id }: OpenExchangeState): string {
  return `${since} ${id}`;
}

function paged<Item>(all: readonly Item[], { limit, offset }: ApiInput["query"]): Item[] {
  const from = Number(offset ?? 0);
  return all.slice(from, from + Number(limit ?? 50));
}

function list({ revocations: known }: ApiSources, { query }: ApiInput) {
  const found = known.inForce.filter(
    ({ app }) => query["app"] === undefined || app === query["app"],
  );
  const latest = [...found].sort((one, other) => other.at - one.at);
  return {
    is_stale: known.isStale,
    total: found.length,
    revocations: paged(latest, query).map((one) => ({
      ...credentialsOf(one),
      made_at: moment(one.at),
      kept_until: moment(one.until),
    })),
  };
}

function credentialsOf({ app, token, subject, before }: RevokedCredentials) {
  return {
    app,
    ...(token !== undefined && { token }),
    ...(subject !== undefined && { subject }),
    ...(before !== undefined && { before: moment(before) }),
  };
}

type RevokedBody = Omit<RevokedCredentials, "before"> & { before?: string | number };

// A time in milliseconds, or of a clock that is wrong, would revoke what is issued later.
const MOST_AHEAD_MS = 60_000;

async function change(sources: ApiSources, { body }: ApiInput, isLifted: boolean) {
  const { now, revocations: known } = sources;
  const revoked = revokedFrom(body as RevokedBody);
  if ((revoked.before ?? 0) > now() + MOST_AHEAD_MS) {
    throw new ApiError("request_malformed", "before: is in the future");
  }
  const states = await processStates(sources);
  const isSet = states.some(({ apps }) => apps.some(({ id }) => id === revoked.app));
  // One that was removed from the settings may still have open exchanges, or have been revoked.
  const left = isLifted ? known.inForce : states.flatMap(({ exchanges }) => exchanges);
  if (!isSet && !left.some(({ app }) => app === revoked.app)) throw new ApiError("app_unknown");
  const longest = Math.max(...states.map(({ longestLife }) => longestLife));
  const until = Math.max(now(), revoked.before ?? 0) + longest * 1000;
  const options: Pick<Revocation, "until" | "isLifted"> = isLifted
    ? { until, isLifted }
    : { until };
  const { processes, wasInForce } = await known.change(revoked, options);
  return {
    ...credentialsOf(revoked),
    kept_until: moment(until),
    is_lifted: isLifted,
    was_in_force: wasInForce,
    processes,
  };
}

function revokedFrom({ app, token, subject, before }: RevokedBody): RevokedCredentials {
  if (token !== undefined) return { app: app.toWellFormed(), token: token.toWellFormed() };
  if (subject !== undefined) return { app: app.toWellFormed(), subject: subject.toWellFormed() };
  const time = typeof before === "number" ? before * 1000 : Date.parse(before ?? "");
  if (!(Math.abs(time) <= 8.64e15)) throw new ApiError("request_malformed", "before: is no time");
  return { app: app.toWellFormed(), before: time };
}
