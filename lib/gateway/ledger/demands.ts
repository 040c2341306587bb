import type { Admission } from "../model/grant.ts";
import type { Demand } from "./concurrency_limits.ts";

/** What an admitted exchange takes from the limits. */
export type Demands = (admission: Admission) => readonly Demand[];

/**
 * Makes the demands of a gateway's exchanges: on the gateway, on the app or route, and on the rule.
 *
 * @param maxConnections concurrent exchanges of all apps and routes together
 */
export function createDemands(maxConnections: number | undefined): Demands {
  const whole = { key: () => "all", limit: maxConnections };
  return ({ grant: { principal }, target: { rule } }) => [
    whole,
    { key: () => `app ${principal.id}`, limit: principal.maxConnections },
    { key: () => `rule ${principal.id} ${rule.url?.href}`, limit: rule.maxConnections },
  ];
}
