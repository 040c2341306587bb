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

/** Decides who may call what. It needs no delivery, so it can be asked without one. */
export interface AdmissionControl {
  /**
   * The app or route that a request names, unverified: for the choice of the CORS policy. It is not
   * looked up a second time.
   *
   * @returns `undefined` when it names none, or none that exists; it never throws
   */
  claims: (inbound: InboundRequest) => Principal | undefined | Promise<Principal | undefined>;
  /**
   * Whether a request is for an upstream at all: a signed URL, or a path of a route.
   *
   * @throws GatewayError when its target is malformed or ambiguous
   */
  isForUpstream: (inbound: InboundRequest) => boolean;
  /**
   * Authenticates a request and authorizes its target.
   *
   * @param inbound the request
   * @param onAuthenticated called in between
   * @returns who may call what, or the response of `findApp`
   * @throws SignatureError or GatewayError when the request is refused
   */
  admit: (
    inbound: InboundRequest,
    onAuthenticated?: (grant: Grant) => void,
  ) => Promise<Admission | Response>;
}

/**
 * Makes the admission control of a gateway.
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
        // It throws when the body had to make room meanwhile, whatever the result is.
        inbound.body.endVerification();
      }
      onAuthenticated?.(grant);
      const allowed = authorize(grant, inbound.request.method, options.resolve);
      return { grant, target: allowed instanceof Promise ? await allowed : allowed };
    },
  };
}
