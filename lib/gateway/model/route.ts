import type { HeaderScheme } from "../../signing/verify.ts";
import type { App } from "./app.ts";
import { GatewayError } from "../problem/problem.ts";
import { hasHiddenDotSegment } from "../admission/match_rule.ts";
import { pathReadings } from "../admission/path_readings.ts";

/** How the requests of a route are signed. */
export interface RouteSignature extends HeaderScheme {
  /** Any of them verifies. */
  secrets: readonly string[];
  /** Where the signature is looked for, in this order. */
  headers: readonly string[];
  /** A signed field that holds the moment of signing. */
  timestampField?: string;
  /** How many seconds ago that may be. */
  maxAge?: number;
}

/** An API behind a path of the gateway. */
export interface Route {
  /** Requests below it belong to the route, at `/` boundaries. */
  path: string;
  /** The path and query of a request are appended to it. */
  upstream: URL;
  /** Absent: left out of the checking, on purpose. */
  signature?: RouteSignature;
  /** The one rule that the route amounts to, under the route's path as its id. */
  app: App;
}

/**
 * Finds the route of a path: the longest prefix wins. A path that some server would read as one of
 * another route is refused, so that no spelling slips from one policy into another.
 *
 * @param routes in any order
 * @param path of the request, percent-encoded
 * @throws GatewayError `route_unknown`, `path_ambiguous`
 */
export function findRoute(routes: readonly Route[], path: string): Route {
  if (hasHiddenDotSegment(path)) throw new GatewayError("path_ambiguous");
  const [plain, ...others] = pathReadings(path);
  if (plain === undefined) throw new GatewayError("path_ambiguous");
  const route = longestRoute(routes, plain);
  if (others.some((reading) => longestRoute(routes, reading) !== route)) {
    throw new GatewayError("path_ambiguous");
  }
  if (!route) throw new GatewayError("route_unknown");
  return route;
}

/** The route with the longest prefix of a path, if any. */
export function longestRoute(routes: readonly Route[], path: string): Route | undefined {
  return routes
    .filter((route) => isUnder(route.path, path))
    .reduce<Route | undefined>(
      (best, route) => (best && best.path.length >= route.path.length ? best : route),
      undefined,
    );
}

function isUnder(prefix: string, path: string): boolean {
  if (prefix.endsWith("/")) return path.startsWith(prefix);
  return path === prefix || path.startsWith(`${prefix}/`);
}
