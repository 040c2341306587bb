import {
  assertTokenAudience,
  assertTokenCurrent,
  isPresigned,
  MAX_TOKEN_LENGTH_IN_URL,
  parseContent,
  type ParsedToken,
  TokenError,
  type TokenPermits,
  verifyParsedToken,
  type VerifyTokenOptions,
  withSignature,
} from "../../signing/verify.ts";
import { DEFAULTS } from "../defaults.ts";
import type { InboundRequest } from "../inbound.ts";
import type { App } from "../model/app.ts";
import type { Credential, Grant } from "../model/grant.ts";
import type { Permits } from "../model/permits.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Authenticator, Claim, OwnTokens, SignatureLimits, Sources } from "./authenticator.ts";
import { EarlyResponse } from "./early_response.ts";
import type { KnownContents } from "./known_contents.ts";
import { assertNoOverride } from "./method_override.ts";
import { assertRequiredClaims } from "./required_claims.ts";
import {
  assertCallerAllowed,
  assertTargetAllowed,
  permitsUnder,
  tokenPolicies,
} from "./policy_layers.ts";
import { assertCallerGranted, assertTargetGranted } from "./token_permits.ts";
import type { FoundToken } from "./token_slots.ts";
import { tokenTarget } from "./token_target.ts";

/** Settings of {@link createTokenAuthenticator}. */
export interface TokenOptions
  extends
    Pick<SignatureLimits, "now" | "clockSkew">,
    Pick<Sources, "findPolicy">,
    Pick<VerifyTokenOptions, "maxExpires" | "verifyHmac" | "tokenKeys"> {
  /** The gateway's audience, which must be in the claim `aud` of a token that has one. Default: none. */
  audience?: string | undefined;
  /** Whether a credential of an app is revoked. Default: none is. */
  isRevoked?: ((app: string, credential: Credential) => boolean) | undefined;
}

interface Verified extends ParsedToken {
  permits: TokenPermits;
  secret?: number;
}

/**
 * Creates the authenticator of access tokens (JWT, RFC 7519).
 *
 * @param options the clock and the limits
 * @param contents where the contents of verified tokens are kept
 */
export function createTokenAuthenticator(
  options: TokenOptions,
  contents: KnownContents,
): Authenticator {
  return {
    lookUp(_, claim) {
      const app = claim.tokens?.app;
      return app instanceof Response ? undefined : app;
    },
    async authenticate(inbound, claim) {
      const { app, token, isOfKeySet } = onlyToken(inbound, claim);
      if (token.isInUrl && token.text.length > MAX_TOKEN_LENGTH_IN_URL) {
        throw new TokenError("token_malformed", { reason: "it is too long for a URL" });
      }
      const content = token.known?.content ?? parseContent(token.parts);
      const parsed = withSignature(content, token.parts.signature);
      const verified = await (isOfKeySet ? verifyOfKeySet : verifyOfSecrets)(parsed, app, options);
      contents.keep(token, parsed.signature, content);
      const { permits } = verified;
      assertRequiredClaims(verified.claims, app.tokens?.require);
      const credential = credentialOf(app, verified);
      if (options.isRevoked?.(app.id, credential)) throw new GatewayError("token_revoked");
      const ofApp = app.tokens?.policies;
      const policies = tokenPolicies(permits.policyNames, ofApp, options.findPolicy);
      assertCallerGranted(permits, inbound);
      assertCallerAllowed(policies, inbound);
      assertNoOverride(inbound);
      const scope = { upstreams: app.upstreams, to: permits.to };
      const target = tokenTarget(inbound.target, token.text, scope);
      const requested = { method: inbound.request.method, url: target };
      assertTargetGranted(permits, requested);
      assertTargetAllowed(policies, requested);
      const limits = permitsUnder([permits, ...policies], requested);
      return grantOf(app, credential, permits, { token, target, limits });
    },
  };
}

function onlyToken(
  { target: { query } }: InboundRequest,
  { tokens }: Claim,
): { app: App; token: FoundToken } & Pick<OwnTokens, "isOfKeySet"> {
  const { found, app, isOfKeySet } = tokens!;
  const [token, ...others] = found;
  if (app instanceof Response) throw new EarlyResponse(app);
  if (others.length > 0 || isPresigned(query)) throw new GatewayError("token_repeated");
  return { app, token: token!, isOfKeySet };
}

function verifyOfSecrets(parsed: ParsedToken, app: App, options: TokenOptions): Promise<Verified> {
  return verifyParsedToken(parsed, { ...limitsOf(app, options), findSecrets: () => app.secrets });
}

async function verifyOfKeySet(
  parsed: ParsedToken,
  app: App,
  options: TokenOptions,
): Promise<Verified> {
  const hasPolicies = (app.tokens?.policies ?? []).length > 0;
  const { permits = hasPolicies ? {} : undefined } = parsed;
  if (!permits) throw new TokenError("token_malformed", { claim: "sw", reason: "is missing" });
  // It may be the function of a program that embeds the gateway, and add claims.
  const own = { ...parsed, claims: { ...parsed.claims }, signed: parsed.signed.slice() };
  await app.tokens!.verifyWithKeySet!(own);
  const limits = limitsOf(app, options);
  assertTokenCurrent(own, limits);
  assertTokenAudience(own, { audience: limits.audience, isRequired: true });
  return { ...own, permits };
}

type TokenLimits = Omit<VerifyTokenOptions, "findSecrets">;

function limitsOf({ maxExpires = Infinity, tokens }: App, options: TokenOptions): TokenLimits {
  const { now = Date.now, clockSkew = DEFAULTS.clockSkew, verifyHmac, tokenKeys } = options;
  const limits: TokenLimits = {
    now,
    clockSkew,
    maxExpires: Math.min(maxExpires, options.maxExpires ?? DEFAULTS.maxExpires),
    audience: tokens?.audience ?? options.audience,
  };
  if (verifyHmac) limits.verifyHmac = verifyHmac;
  if (tokenKeys) limits.tokenKeys = tokenKeys;
  return limits;
}

function credentialOf(
  { id }: App,
  { secret, issuer, tokenId, subject, issuedAt, expiresAt }: Verified,
): Credential {
  const credential: Credential = { scheme: "token", id, issuer, expiresAt };
  if (secret !== undefined) credential.secret = secret;
  if (issuedAt !== undefined) credential.issuedAt = issuedAt;
  if (tokenId !== undefined) credential.tokenId = tokenId;
  if (subject !== undefined) credential.subject = subject;
  return credential;
}

function grantOf(
  app: App,
  credential: Credential,
  permits: TokenPermits,
  { token, target, limits }: { token: FoundToken; target: URL; limits: Permits },
): Grant {
  limits.namesTargets = permits.to !== undefined;
  if (app.maxBody !== undefined) limits.maxBody = app.maxBody;
  return {
    principal: app,
    credential,
    permits: limits,
    target,
    coveredHeaders: [],
    token: token.text,
    isBearer: token.isBearer,
  };
}
