import type { Principal } from "../model/app.ts";
import type { Admission } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import type { Demand } from "./concurrency_limits.ts";

/** Returns the limits that an admitted exchange counts towards. */
export type Demands = (admission: Admission) => readonly Demand[];

/**
 * Creates the function that returns the limits of an exchange: of the gateway, the app or route, and the
 * rule. They are made once for a rule, since nearly all exchanges have the same ones.
 *
 * @param maxConnections the most concurrent exchanges of all apps and routes; `undefined`: no limit
 */
export function createDemands(maxConnections: number | undefined): Demands {
  const whole: Demand = { key: "all", limit: maxConnections };
  const known = new WeakMap<UpstreamRule, { principal: Principal; demands: readonly Demand[] }>();
  return ({ grant: { principal }, target: { rule } }) => {
    const found = known.get(rule);
    if (found?.principal === principal) return found.demands;
    const demands = [
      whole,
      { key: `app ${principal.id}`, limit: principal.maxConnections },
      { key: `rule ${principal.id} ${rule.url?.href}`, limit: rule.maxConnections },
    ];
    known.set(rule, { principal, demands });
    return demands;
  };
}
