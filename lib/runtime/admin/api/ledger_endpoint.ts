import { amountName } from "../../../gateway/ledger/demand.ts";
import {
  APP_SCOPE,
  type Scope,
  subjectScope,
  tokenScope,
} from "../../../gateway/ledger/forms/scope.ts";
import type { CounterReading } from "../../../gateway/ledger/store.ts";
import type { CounterLimits } from "../../../gateway/model/counter_limits.ts";
import { NANO_DOLLARS } from "../../../signing/verify.ts";
import type { ApiSources, AppState } from "../sources.ts";
import { ApiError, type ApiInput, type Endpoint } from "./endpoint.ts";
import { moment } from "./moment.ts";
import { processStates } from "./process_states.ts";
import { ledger, ledgerQuery } from "./schemas.ts";

/** The endpoint that tells what is left. */
export const LEDGER_ENDPOINT: Endpoint = {
  method: "GET",
  path: "/api/ledger",
  summary:
    "What an app, one of its end users and a token used, and what is left of limits that are known.",
  query: ledgerQuery,
  status: 200,
  response: ledger,
  errors: ["app_unknown", "ledger_unavailable", "workers_silent"],
  handle: read,
};

interface AskedScope {
  scope: "app" | "subject" | "token";
  key: Scope;
  limits: CounterLimits | undefined;
}

async function read(sources: ApiSources, { query }: ApiInput) {
  const app = query["app"]!;
  const states = await processStates(sources);
  const found = states.flatMap(({ apps }) => apps).find(({ id }) => id === app);
  if (!found) throw new ApiError("app_unknown");
  const asked = scopesOf(found, query);
  const scopes = asked.map(({ key }) => key);
  let readings: CounterReading[][];
  try {
    readings = await sources.store.run({ kind: "read", app, scopes });
  } catch {
    throw new ApiError("ledger_unavailable");
  }
  return {
    app,
    scopes: asked.map(({ scope, limits }, i) => ({
      scope,
      counters: (readings[i] ?? []).map((reading) => counterOf(reading, limitsByName(limits))),
    })),
  };
}

function scopesOf(
  { id, limits, subjectLimits }: AppState,
  { subject, token, issuer }: ApiInput["query"],
): AskedScope[] {
  const asked: AskedScope[] = [{ scope: "app", key: APP_SCOPE, limits }];
  if (subject !== undefined) {
    asked.push({ scope: "subject", key: subjectScope(subject), limits: subjectLimits });
  }
  if (token !== undefined) {
    asked.push({ scope: "token", key: tokenScope(issuer ?? id, token), limits: undefined });
  }
  return asked;
}

/** The limits of amounts, by the names of their counters. */
function limitsByName(limits: CounterLimits = {}): ReadonlyMap<string, number> {
  const scope = APP_SCOPE;
  const named = new Map<string, number>();
  for (const counter of ["uses", "concurrent", "bytes"] as const) {
    const limit = limits[counter];
    if (limit !== undefined) named.set(counter, limit);
  }
  for (const counter of ["tokens", "cost"] as const) {
    const budget = limits[counter];
    if (budget) named.set(amountName({ scope, counter, fixed: 0, ...budget }), budget.limit);
  }
  return named;
}

function counterOf(reading: CounterReading, limits: ReadonlyMap<string, number>) {
  const { name } = reading;
  if ("fullAt" in reading) return { name, full_at: moment(reading.fullAt) };
  const unit = name.startsWith("cost") ? NANO_DOLLARS : 1;
  const { settled, reserved, endsAt } = reading;
  const limit = limits.get(name);
  return {
    name,
    used: settled / unit,
    reserved: reserved / unit,
    ...(limit !== undefined && {
      limit: limit / unit,
      left: Math.max(0, limit - settled - reserved) / unit,
    }),
    ...(endsAt !== undefined && Number.isFinite(endsAt) && { ends_at: moment(endsAt) }),
  };
}
