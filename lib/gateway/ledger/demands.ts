import type { Admission } from "../model/grant.ts";
import type { Demand } from "./concurrency_limits.ts";

/**
 * The demand of every exchange of a gateway.
 *
 * @param maxConnections concurrent exchanges of all apps and routes together
 */
export function gatewayDemands(maxConnections: number | undefined): readonly Demand[] {
  return [{ key: () => "all", limit: maxConnections }];
}

/**
 * What an admitted exchange takes from the limits of its app or route, and of its rule.
 *
 * @param admission who may call what
 */
export function admissionDemands({ grant, target }: Admission): readonly Demand[] {
  const { principal } = grant;
  const { rule } = target;
  return [
    { key: () => `app ${principal.id}`, limit: principal.maxConnections },
    { key: () => `rule ${principal.id} ${rule.url?.href}`, limit: rule.maxConnections },
  ];
}
