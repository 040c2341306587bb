import type { Route } from "../model/route.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { hasHiddenDotSegment } from "./match_rule.ts";
import { isUnder, pathReadings } from "./path_readings.ts";

/**
 * Finds the route of a path: the longest prefix wins. A path that some servers would read as a path of
 * another route is refused, so that no encoding of a path bypasses the policy of a route.
 *
 * @param routes in any order
 * @param path the path of the request, percent-encoded
 * @throws GatewayError `route_unknown`, `path_ambiguous`
 */
export function findRoute(routes: readonly Route[], path: string): Route {
  if (hasHiddenDotSegment(path)) throw new GatewayError("path_ambiguous");
  const [decoded, ...others] = pathReadings(path);
  if (decoded === undefined) throw new GatewayError("path_ambiguous");
  const route = longestRoute(routes, decoded);
  if (others.some((reading) => longestRoute(routes, reading) !== route)) {
    throw new GatewayError("path_ambiguous");
  }
  if (!route) throw new GatewayError("route_unknown");
  return route;
}

/** The route with the longest prefix of a path, if any. */
function longestRoute(routes: readonly Route[], path: string): Route | undefined {
  return routes
    .filter((route) => isUnder(route.path, path))
    .reduce<Route | undefined>(
      (best, route) => (best && best.path.length >= route.path.length ? best : route),
      undefined,
    );
}
