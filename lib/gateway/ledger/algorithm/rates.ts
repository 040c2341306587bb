import type { RateDemand } from "../demand.ts";
import { intervalOf, rateName } from "../forms/rate.ts";
import { KEPT_MS, rateCounter, withCounter } from "./counters.ts";
import type { Moment, Rows } from "./rows.ts";

/** A rate and the effect of one request on it. */
export interface RatePlan {
  demand: RateDemand;
  name: string;
  /** The theoretical arrival time after the request, in microseconds since the epoch. */
  tat: number;
  /** The theoretical arrival time when the request is refused. Absent: it does not change. */
  clampedTat?: number;
  /** How long the request has to wait, in milliseconds; 0: not at all. */
  waitMs: number;
  /** How many requests may follow at once. */
  left: number;
}

/**
 * Plans one request of a rate by the generic cell rate algorithm: in any span t at most burst + count · t /
 * period.
 *
 * @param rows of the app
 * @param demand the rate
 * @param at the store's time
 */
export function planRate(rows: Rows, demand: RateDemand, { now }: Moment): RatePlan {
  const { scope, limit } = demand;
  const name = rateName(limit);
  const interval = intervalOf(limit);
  const span = limit.burst * interval;
  const nowUs = now * 1000;
  const stored = rateCounter(rows.scope(scope), name)?.tat ?? 0;
  // A clock that was set back must not refuse requests for longer than it takes the burst to come back.
  const latest = nowUs + span;
  const tat = Math.min(Math.max(stored, nowUs), latest) + interval;
  const room = latest - tat;
  const waitMs = room < 0 ? Math.ceil(-room / 1000) : 0;
  const left = room < 0 ? 0 : Math.floor(room / interval);
  const plan = { demand, name, tat, waitMs, left };
  return stored > latest ? { ...plan, clampedTat: latest } : plan;
}

/** Sets the counter of a rate. */
export function setRate(rows: Rows, { demand, name }: RatePlan, tat: number, at: Moment): void {
  const until = Math.ceil(tat / 1000) + KEPT_MS;
  const { scope } = demand;
  rows.setScope(scope, withCounter(rows.scope(scope), { name, tat, until }, at.now));
}
