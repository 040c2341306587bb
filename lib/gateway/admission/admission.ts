import type { InboundRequest } from "../inbound.ts";
import type { Principal } from "../model/app.ts";
import type { Admission, Grant } from "../model/grant.ts";
import { authorize, type Resolve } from "./authorize.ts";
import { type Authenticators, chooseScheme, isForUpstream } from "./choose_scheme.ts";
import { createClaims } from "./claims.ts";
import { EarlyResponse } from "./early_response.ts";
import { createSignedHeaderAuthenticator, type SignedHeaderOptions } from "./signed_header.ts";
import { createSignedUrlAuthenticator, type SignedUrlOptions } from "./signed_url.ts";

/** Settings of {@link createAdmissionControl}. */
export interface AdmissionOptions extends SignedUrlOptions, SignedHeaderOptions {
  resolve: Resolve;
}

/** Authenticates requests and authorizes their targets. It works without delivery. */
export interface AdmissionControl {
  /**
   * Returns the app or route that a request names, unverified, to choose the CORS policy. It is looked up
   * only once.
   *
   * @returns `undefined` when the request names no existing app or route; it never throws
   */
  claims: (inbound: InboundRequest) => Principal | undefined | Promise<Principal | undefined>;
  /**
   * Whether a request is for an upstream: it is a signed URL, or its path belongs to a route.
   *
   * @throws GatewayError when its target is malformed or ambiguous
   */
  isForUpstream: (inbound: InboundRequest) => boolean;
  /**
   * Authenticates a request and authorizes its target.
   *
   * @param inbound the request
   * @param onAuthenticated called after authentication and before authorization
   * @returns the admission, or the response that `findApp` returned
   * @throws SignatureError or GatewayError when the request is refused
   */
  admit: (
    inbound: InboundRequest,
    onAuthenticated?: (grant: Grant) => void,
  ) => Promise<Admission | Response>;
}

/**
 * Creates the admission control of a gateway.
 *
 * @param options apps, routes, clock, limits and the resolver
 */
export function createAdmissionControl(options: AdmissionOptions): AdmissionControl {
  const authenticators: Authenticators = {
    signedUrl: createSignedUrlAuthenticator(options),
    ...(options.routes.length > 0 && { signedHeader: createSignedHeaderAuthenticator(options) }),
  };
  const claims = createClaims((inbound) => chooseScheme(inbound, authenticators));

  return {
    claims: claims.principalOf,
    isForUpstream: (inbound) => isForUpstream(inbound, claims.of(inbound), authenticators),
    async admit(inbound, onAuthenticated) {
      let grant: Grant;
      try {
        const claim = claims.of(inbound);
        grant = await claim.authenticator.authenticate(inbound, claim);
      } catch (error) {
        if (error instanceof EarlyResponse) return error.response;
        throw error;
      } finally {
        // It throws when the body has been dropped to free memory, even if the signature was right.
        inbound.body.endVerification();
      }
      onAuthenticated?.(grant);
      const allowed = authorize(grant, inbound.request.method, options.resolve);
      return { grant, target: allowed instanceof Promise ? await allowed : allowed };
    },
  };
}
