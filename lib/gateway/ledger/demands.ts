import type { Principal } from "../model/app.ts";
import type { Admission } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import type { Demand } from "./concurrency_limits.ts";

/** Returns the limits that an admitted exchange counts towards. */
export type Demands = (admission: Admission) => readonly Demand[];

/** The limits of a rule, as they were. */
interface Known {
  principal: Principal;
  ofPrincipal: Demand;
  ofRule: Demand;
  demands: readonly Demand[];
}

/**
 * Creates the function that returns the limits of an exchange: of the gateway, the app or route, and the
 * rule. They are made once for a rule, since nearly all exchanges have the same ones.
 *
 * @param maxConnections the most concurrent exchanges of all apps and routes; `undefined`: no limit
 */
export function createDemands(maxConnections: number | undefined): Demands {
  const whole: Demand = { key: "all", limit: maxConnections };
  const known = new WeakMap<UpstreamRule, Known>();
  return ({ grant: { principal }, target: { rule } }) => {
    const { id, maxConnections } = principal;
    const found = known.get(rule);
    // A program may change its limits in place.
    const isCurrent =
      found?.principal === principal &&
      found.ofPrincipal.limit === maxConnections &&
      found.ofRule.limit === rule.maxConnections;
    if (isCurrent) return found.demands;
    const ofPrincipal: Demand = { key: `app ${id}`, limit: maxConnections };
    const ofRule: Demand = { key: `rule ${id} ${rule.url?.href}`, limit: rule.maxConnections };
    const demands = [whole, ofPrincipal, ofRule];
    known.set(rule, { principal, ofPrincipal, ofRule, demands });
    return demands;
  };
}
