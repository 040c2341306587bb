import type { InboundRequest } from "../inbound.ts";
import type { App, Principal } from "../model/app.ts";
import type { Grant } from "../model/grant.ts";
import type { Route } from "../model/route.ts";

/** What looking an app up yields; a response answers the request in place of the gateway. */
export type FoundApp = App | Response | undefined;

/** Where the gateway finds the apps and routes whose requests it honours. */
export interface Sources {
  /**
   * Looks an app up by its id, before a secret of it is used. Nothing of the request is verified yet but
   * its form and its time. A response ends the exchange early, unless the request is a preflight: it
   * goes to the client instead. To read the body, clone the request.
   */
  findApp: (id: string, request: Request) => FoundApp | Promise<FoundApp>;
  routes: readonly Route[];
  /** The routes as they are when a body is complete that may have taken its time. Default: `routes`. */
  latestRoutes?: () => readonly Route[];
}

/** Limits that hold for every kind of signature. */
export interface SignatureLimits {
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** How far ahead a signer's clock may be, in seconds. Default: {@link DEFAULTS}. */
  clockSkew?: number;
  /** The largest body that is read to verify it, in bytes. Default: {@link DEFAULTS}. */
  maxSignedBody?: number;
  /** The path prefix that a reverse proxy in front has stripped. Default: {@link DEFAULTS}. */
  publicPath?: string;
}

/**
 * The app or route that a request names, unverified: good enough to choose which pages may read the
 * response, and for nothing else.
 */
export interface Claim {
  readonly authenticator: Authenticator;
  /** `null`: it names none, or none that exists. Absent: it has not been looked up. */
  principal?: Principal | null;
}

/** Verifies one kind of signature. */
export interface Authenticator {
  /**
   * Looks up the app or route that a request names, and notes it.
   *
   * @param inbound the request
   * @param claim its claim; gets the principal
   * @throws GatewayError when the request's target is malformed
   */
  lookUp: (
    inbound: InboundRequest,
    claim: Claim,
  ) => Principal | undefined | Promise<Principal | undefined>;
  /**
   * Verifies the signature.
   *
   * @param inbound the request
   * @param claim its claim; gets the principal as soon as it is known
   * @throws SignatureError or GatewayError when the request is not rightly signed
   */
  authenticate: (inbound: InboundRequest, claim: Claim) => Promise<Grant>;
}
