import type { Admission } from "../model/grant.ts";
import type { Demand } from "./concurrency_limits.ts";

/** Returns the limits that an admitted exchange counts towards. */
export type Demands = (admission: Admission) => readonly Demand[];

/**
 * Creates the function that returns the limits of an exchange: of the gateway, the app or route, and the
 * rule.
 *
 * @param maxConnections the most concurrent exchanges of all apps and routes; `undefined`: no limit
 */
export function createDemands(maxConnections: number | undefined): Demands {
  const whole = { key: () => "all", limit: maxConnections };
  return ({ grant: { principal }, target: { rule } }) => [
    whole,
    { key: () => `app ${principal.id}`, limit: principal.maxConnections },
    { key: () => `rule ${principal.id} ${rule.url?.href}`, limit: rule.maxConnections },
  ];
}
