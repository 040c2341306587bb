import type { HeaderScheme } from "../../signing/verify.ts";
import type { Principal } from "./app.ts";

/** How the requests of a route are signed. */
export interface RouteSignature extends HeaderScheme {
  /** A signature with any of them is accepted. */
  secrets: readonly string[];
  /** The request headers that may contain the signature, in order of preference. */
  headers: readonly string[];
  /** The signed field that contains the time of signing. */
  timestampField?: string;
  /** The longest time since signing, in seconds. */
  maxAge?: number;
}

/** An API behind a path of the gateway. It has one rule, and its path is its id. */
export interface Route extends Principal {
  /** The path prefix of its requests. It matches at `/` boundaries. */
  path: string;
  /** The path and query of a request are appended to it. */
  upstream: URL;
  /** Absent: requests need no signature, as the operator has decided. */
  signature?: RouteSignature;
}

/** Whether a principal is a route and not an app. */
export function isRoute(principal: Principal): principal is Route {
  return "path" in principal;
}
