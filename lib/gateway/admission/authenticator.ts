import type { InboundRequest } from "../inbound.ts";
import type { App, Principal } from "../model/app.ts";
import type { Grant } from "../model/grant.ts";
import type { Route } from "../model/route.ts";

/** Where the gateway finds the apps and routes whose requests it honours. */
export interface Sources {
  /** Looks an app up by its id. */
  findApp: (id: string) => App | undefined | Promise<App | undefined>;
  routes: readonly Route[];
}

/** Limits that hold for every kind of signature. */
export interface SignatureLimits {
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** How far ahead a signer's clock may be, in seconds. Default: 300. */
  clockSkew?: number;
  /** The largest body that is read to verify it, in bytes. Default: 10 MiB. */
  maxSignedBody?: number;
  /** The path prefix that a reverse proxy in front has stripped. Default: `/`. */
  publicPath?: string;
}

/** Verifies one kind of signature. */
export interface Authenticator {
  /**
   * The app or route that a request names, unverified: good enough to choose which pages may read the
   * response, and for nothing else.
   *
   * @returns `undefined` when it names none, or none that exists
   * @throws GatewayError when the request's target is malformed
   */
  claims: (inbound: InboundRequest) => Principal | undefined | Promise<Principal | undefined>;
  /**
   * Verifies the signature.
   *
   * @throws SignatureError or GatewayError when the request is not rightly signed
   */
  authenticate: (inbound: InboundRequest) => Promise<Grant>;
}
