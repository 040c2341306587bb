import type { InboundRequest } from "../inbound.ts";
import type { App, Principal } from "../model/app.ts";
import type { Grant } from "../model/grant.ts";
import type { NamedPolicy } from "../model/policy.ts";
import type { Route } from "../model/route.ts";
import type { FoundToken } from "./token_slots.ts";

/** The result of looking up an app. A response is sent to the client instead of the gateway's own. */
export type FoundApp = App | Response | undefined;

/** The sources of apps and routes. */
export interface Sources {
  /**
   * Looks up an app by its id, before its secrets are used. Of a signed URL, only the form and the time have
   * been checked; of a JWT, whose issuer may be anybody, nothing. A response ends the exchange early and is
   * sent to the client, unless the request is a preflight, or a signed URL with a JWT of that issuer. To read
   * the body, clone the request.
   */
  findApp: (id: string, request: Request) => FoundApp | Promise<FoundApp>;
  /**
   * Finds the app whose key set is that of an issuer and one of the audiences. Default: no app has a key
   * set.
   */
  findIssuer?: (issuer: string, audience: readonly string[]) => App | undefined;
  /** Finds a policy that a token names. Default: there is none. */
  findPolicy?: (name: string) => NamedPolicy | undefined;
  routes: readonly Route[];
  /** Returns the current routes, which may change while a body is read. Default: `routes`. */
  latestRoutes?: () => readonly Route[];
}

/** Limits for every kind of signature. */
export interface SignatureLimits {
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** How far a signer's clock may be ahead, in seconds. Default: {@link DEFAULTS}. */
  clockSkew?: number;
  /** The largest signed body, in bytes. Default: {@link DEFAULTS}. */
  maxSignedBody?: number;
  /** The path prefix that a reverse proxy in front of the gateway strips. Default: {@link DEFAULTS}. */
  publicPath?: string;
}

/**
 * The app or route that a request names, unverified. It may only decide which pages may read the
 * response.
 */
export interface Claim {
  readonly authenticator: Authenticator;
  /** `null`: the request names no existing app or route. Absent: it has not been looked up. */
  principal?: Principal | null;
  /** The tokens of this gateway that the request carries. Absent: there is none. */
  tokens?: OwnTokens;
}

/** The tokens of a request that one of the gateway's apps issued. They are not verified. */
export interface OwnTokens {
  /** More than one is a mistake of the client. */
  found: readonly FoundToken[];
  /** The app of the first one, or the response that `findApp` returned. */
  app: App | Response;
  /** Whether the first one is of the app's key set, and not of its secrets. */
  isOfKeySet: boolean;
}

/** Verifies one kind of signature. */
export interface Authenticator {
  /**
   * Looks up the app or route that a request names, and stores it in the claim.
   *
   * @param inbound the request
   * @param claim the claim of the request
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
   * @param claim the claim of the request; gets the principal as soon as it is known
   * @throws SignatureError, TokenError or GatewayError when the request is not correctly signed
   */
  authenticate: (inbound: InboundRequest, claim: Claim) => Promise<Grant>;
}
