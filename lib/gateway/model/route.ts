import type { HeaderScheme } from "../../signing/verify.ts";
import type { Principal } from "./app.ts";

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

/** An API behind a path of the gateway. It has one rule, and its path is its id. */
export interface Route extends Principal {
  /** Requests below it belong to the route, at `/` boundaries. */
  path: string;
  /** The path and query of a request are appended to it. */
  upstream: URL;
  /** Absent: left out of the checking, on purpose. */
  signature?: RouteSignature;
}

/** Whether a principal is a route and not an app. */
export function isRoute(principal: Principal): principal is Route {
  return "path" in principal;
}
