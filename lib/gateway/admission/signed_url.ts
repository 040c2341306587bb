import {
  createSigningKeys,
  decodeForm,
  type PresignedUrl,
  SignatureError,
  type VerifiedUrl,
  verifyUrl,
  type VerifyOptions,
} from "../../signing/verify.ts";
import { DEFAULTS } from "../defaults.ts";
import type { InboundRequest } from "../inbound.ts";
import type { App } from "../model/app.ts";
import type { Grant } from "../model/grant.ts";
import type { Permits } from "../model/permits.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Authenticator, Claim, FoundApp, SignatureLimits, Sources } from "./authenticator.ts";
import { EarlyResponse } from "./early_response.ts";
import { explainMismatch } from "./explain_mismatch.ts";

/** Settings of {@link createSignedUrlAuthenticator}. */
export interface SignedUrlOptions
  extends
    Pick<Sources, "findApp">,
    SignatureLimits,
    Pick<VerifyOptions, "maxExpires" | "sha256" | "signingKeys" | "verifyHmac"> {
  /** Whether a wrong signature is compared with common mistakes. Default: no. */
  explain?: boolean;
}

/**
 * Creates the authenticator of signed URLs (SW1-HMAC-SHA256).
 *
 * @param options apps, clock and limits
 */
export function createSignedUrlAuthenticator(options: SignedUrlOptions): Authenticator {
  const { maxSignedBody = DEFAULTS.maxSignedBody, publicPath = DEFAULTS.publicPath } = options;
  const { now = Date.now } = options;
  const prefix = publicPath.replace(/\/+$/, "");
  const limits = verifyOptions(options);

  function lookUpApp(id: string, request: Request, claim: Claim) {
    // It is not looked up again, even after a failure.
    claim.principal = null;
    const found = options.findApp(id, request);
    return isPending(found) ? noteLater(claim, found) : note(claim, found);
  }

  async function withLikelyMistake(error: unknown, inbound: InboundRequest, claim: Claim) {
    const secrets = claimedApp(claim)?.secrets;
    if (!secrets) return error;
    const path = prefix + inbound.target.path;
    return await explainMismatch(error, inbound, { path, secrets, publicPath, now: options.now });
  }

  return {
    lookUp(inbound, claim) {
      const id = claimedId(inbound.target.query);
      return id === undefined ? undefined : lookUpApp(id, inbound.request, claim);
    },
    authenticate(inbound, claim) {
      const { target, request, body } = inbound;
      const { method, headers } = request;
      const readBody = ({ signedAt, expires }: PresignedUrl) => {
        const maxBody = Math.min(maxSignedBody, claimedApp(claim)?.maxBody ?? Infinity);
        return body.bytes(maxBody, signedAt + expires * 1000 - now());
      };
      const signed = { method, path: prefix + target.path, query: target.query, headers, readBody };
      const findSecrets = (id: string) => secretsOf(lookUpApp(id, request, claim));
      const verified = verifyUrl(signed, { ...limits, findSecrets });
      const granted = verified.then((url) => grantOf(claim, url));
      if (!options.explain) return granted;
      return granted.catch(async (error: unknown) => {
        throw await withLikelyMistake(error, inbound, claim);
      });
    },
  };
}

/** The settings of the verifier that are the same for every request. */
function verifyOptions(options: SignedUrlOptions): Omit<VerifyOptions, "findSecrets"> {
  const { now, maxExpires, clockSkew, sha256, verifyHmac } = options;
  const { signingKeys = createSigningKeys() } = options;
  return {
    signingKeys,
    ...(now && { now }),
    ...(maxExpires !== undefined && { maxExpires }),
    ...(clockSkew !== undefined && { clockSkew }),
    ...(sha256 && { sha256 }),
    ...(verifyHmac && { verifyHmac }),
  };
}

// Some database clients return thenables that are not instances of Promise.
function isPending<Found extends object>(
  found: Found | undefined | Promise<Found | undefined>,
): found is Promise<Found | undefined> {
  return found !== undefined && "then" in found;
}

/**
 * Stores the app in the claim.
 *
 * @throws EarlyResponse when it is a response
 */
function note(claim: Claim, app: FoundApp): App | undefined {
  if (app instanceof Response) throw new EarlyResponse(app);
  claim.principal = app ?? null;
  return app;
}

async function noteLater(claim: Claim, found: Promise<FoundApp>): Promise<App | undefined> {
  return note(claim, await found);
}

function secretsOf(found: App | undefined | Promise<App | undefined>) {
  return isPending(found) ? found.then((app) => app?.secrets) : found?.secrets;
}

function claimedId(query: string): string | undefined {
  const credential = /(?:^|&)X-Sw-Credential=([^&]*)/.exec(query)?.[1];
  return credential === undefined ? undefined : decodeForm(credential).replace(/\/[^/]*$/, "");
}

function claimedApp({ principal }: Claim): App | undefined {
  return (principal as App | null | undefined) ?? undefined;
}

function grantOf(claim: Claim, url: VerifiedUrl): Grant {
  const app = claimedApp(claim);
  if (!app) throw new GatewayError("internal_error");
  const { target, signedAt, expires, signedHeaders: coveredHeaders, upstream, secret } = url;
  if (expires > (app.maxExpires ?? Infinity)) {
    throw new SignatureError("expires_too_long", { id: app.id, upstream });
  }
  const expiresAt = signedAt + expires * 1000;
  return {
    principal: app,
    credential: { scheme: "signed_url", id: app.id, secret, issuedAt: signedAt, expiresAt },
    permits: permitsOf(app),
    target,
    coveredHeaders,
    coversQuery: true,
  };
}

function permitsOf({ maxBody }: App): Permits {
  return maxBody === undefined ? {} : { maxBody };
}
