import type { InboundRequest } from "../inbound.ts";
import type { Principal } from "../model/app.ts";
import type { Admission, Grant } from "../model/grant.ts";
import { authorize, type Resolve } from "./authorize.ts";
import { type Authenticators, chooseScheme } from "./choose_scheme.ts";
import { createSignedHeaderAuthenticator, type SignedHeaderOptions } from "./signed_header.ts";
import { createSignedUrlAuthenticator, type SignedUrlOptions } from "./signed_url.ts";

/** Settings of {@link createAdmissionControl}. */
export interface AdmissionOptions extends SignedUrlOptions, SignedHeaderOptions {
  resolve: Resolve;
}

/** Decides who may call what. It needs no delivery, so it can be asked without one. */
export interface AdmissionControl {
  /**
   * The app or route that a request names, unverified: for the choice of the CORS policy. It is looked
   * up at most once for each request.
   *
   * @returns `undefined` when it names none, or none that exists; it never throws
   */
  claims: (inbound: InboundRequest) => Principal | undefined | Promise<Principal | undefined>;
  /**
   * Authenticates a request and authorizes its target.
   *
   * @param inbound the request
   * @param onAuthenticated called in between
   * @throws SignatureError or GatewayError when the request is refused
   */
  admit: (inbound: InboundRequest, onAuthenticated?: (grant: Grant) => void) => Promise<Admission>;
}

/** Makes the admission control of a gateway. */
export function createAdmissionControl(options: AdmissionOptions): AdmissionControl {
  const authenticators: Authenticators = {
    signedUrl: createSignedUrlAuthenticator(options),
    ...(options.routes.length > 0 && { signedHeader: createSignedHeaderAuthenticator(options) }),
  };

  async function lookUpClaim(inbound: InboundRequest): Promise<Principal | undefined> {
    try {
      return await chooseScheme(inbound, authenticators).claims(inbound);
    } catch {
      return undefined;
    }
  }

  return {
    claims: (inbound) =>
      inbound.claimed === undefined ? lookUpClaim(inbound) : (inbound.claimed ?? undefined),
    async admit(inbound, onAuthenticated) {
      const grant = await chooseScheme(inbound, authenticators).authenticate(inbound);
      onAuthenticated?.(grant);
      const allowed = authorize(grant, inbound.request.method, options.resolve);
      return { grant, target: allowed instanceof Promise ? await allowed : allowed };
    },
  };
}
