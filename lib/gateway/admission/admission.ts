import type { InboundRequest } from "../inbound.ts";
import type { Principal } from "../model/app.ts";
import type { Admission, Grant } from "../model/grant.ts";
import { probeGrant, PROBE_RULE } from "../model/probe_target.ts";
import { authorize, type Resolve } from "./authorize.ts";
import type { Claim, OwnTokens, Sources } from "./authenticator.ts";
import { type Authenticators, chooseScheme, isForUpstream } from "./choose_scheme.ts";
import { createClaims } from "./claims.ts";
import { countable } from "./countable.ts";
import { EarlyResponse } from "./early_response.ts";
import { KnownContents } from "./known_contents.ts";
import { findOwnTokens } from "./own_tokens.ts";
import { narrowByRule } from "./policy_layers.ts";
import { removeQueryCredentials } from "./query_credentials.ts";
import { removeReplacedParameters } from "./replaced_parameters.ts";
import { createSignedHeaderAuthenticator, type SignedHeaderOptions } from "./signed_header.ts";
import { createSignedUrlAuthenticator, type SignedUrlOptions } from "./signed_url.ts";
import { assertSubject } from "./subject.ts";
import { createTokenAuthenticator, type TokenOptions } from "./token.ts";
import { hasJwt } from "./token_slots.ts";

/** Settings of {@link createAdmissionControl}. */
export interface AdmissionOptions
  extends
    SignedUrlOptions,
    SignedHeaderOptions,
    TokenOptions,
    Pick<Sources, "findIssuer" | "findPolicy"> {
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
   * Whether a request is for an upstream: it carries a token of this gateway, it is a signed URL, or its path
   * belongs to a route.
   *
   * @throws GatewayError when its target is malformed or ambiguous
   */
  isForUpstream: (inbound: InboundRequest) => Promise<boolean>;
  /** Whether a request has a JWT in a place for tokens, of this gateway or of any other issuer. */
  hasJwt: (inbound: InboundRequest) => boolean;
  /**
   * Authenticates a request and authorizes its target.
   *
   * @param inbound the request
   * @param onAuthenticated called after authentication and before authorization
   * @returns the admission, or the response that `findApp` returned
   * @throws SignatureError, TokenError or GatewayError when the request is refused
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
  const contents = new KnownContents();
  const authenticators: Authenticators = {
    signedUrl: createSignedUrlAuthenticator(options),
    token: createTokenAuthenticator(options, contents),
    ...(options.routes.length > 0 && { signedHeader: createSignedHeaderAuthenticator(options) }),
  };
  const claims = createClaims((inbound) => {
    const tokens = findOwnTokens(inbound, options, contents);
    return tokens instanceof Promise
      ? beginLater(inbound, tokens, authenticators)
      : beginClaim(inbound, tokens, authenticators);
  });

  return {
    claims: claims.principalOf,
    hasJwt,
    isForUpstream: async (inbound) =>
      isForUpstream(inbound, await claims.of(inbound), authenticators),
    async admit(inbound, onAuthenticated) {
      let grant: Grant;
      try {
        const begun = claims.of(inbound);
        const claim = begun instanceof Promise ? await begun : begun;
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
      const target = allowed instanceof Promise ? await allowed : allowed;
      if (target.rule === PROBE_RULE) return { grant: probeGrant(grant), target };
      assertSubject(grant, target.rule);
      if (grant.token !== undefined) removeQueryCredentials(target);
      removeReplacedParameters(target);
      const narrowed = narrowByRule(grant, target.rule, inbound);
      if (!narrowed.permits.limits) return { grant: narrowed, target };
      return { grant: await countable(narrowed, inbound, options), target };
    },
  };
}

async function beginLater(
  inbound: InboundRequest,
  tokens: Promise<OwnTokens | undefined>,
  authenticators: Authenticators,
): Promise<Claim> {
  return beginClaim(inbound, await tokens, authenticators);
}

function beginClaim(
  inbound: InboundRequest,
  tokens: OwnTokens | undefined,
  authenticators: Authenticators,
): Claim {
  const authenticator = chooseScheme(inbound, tokens, authenticators);
  if (!tokens) return { authenticator };
  const principal = tokens.app instanceof Response ? null : tokens.app;
  return { authenticator, tokens, principal };
}
