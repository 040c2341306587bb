import {
  createSigningKeys,
  decodeForm,
  SignatureError,
  type VerifiedUrl,
  verifyUrl,
  type VerifyOptions,
} from "../../signing/verify.ts";
import { DEFAULTS } from "../defaults.ts";
import type { InboundRequest } from "../inbound.ts";
import type { App } from "../model/app.ts";
import type { Grant } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Authenticator, SignatureLimits, Sources } from "./authenticator.ts";
import { explainMismatch } from "./explain_mismatch.ts";

/** Settings of {@link createSignedUrlAuthenticator}. */
export interface SignedUrlOptions
  extends
    Pick<Sources, "findApp">,
    SignatureLimits,
    Pick<VerifyOptions, "maxExpires" | "sha256" | "signingKeys" | "verifyHmac"> {
  /** Whether a signature that does not match is compared with the usual mistakes. Default: no. */
  explain?: boolean;
}

/**
 * Makes the authenticator of signed URLs, SW1-HMAC-SHA256.
 *
 * @param options apps, clock and limits
 */
export function createSignedUrlAuthenticator(options: SignedUrlOptions): Authenticator {
  const { findApp, maxSignedBody = DEFAULTS.maxSignedBody } = options;
  const { publicPath = DEFAULTS.publicPath } = options;
  const prefix = publicPath.replace(/\/+$/, "");
  const verifying = verifyOptions(options);

  async function explained(error: unknown, inbound: InboundRequest): Promise<unknown> {
    const secrets = claimedApp(inbound)?.secrets;
    if (!options.explain || !secrets) return error;
    const path = prefix + inbound.target.path;
    return await explainMismatch(error, inbound, { path, secrets, publicPath, now: options.now });
  }

  return {
    claims(inbound) {
      const id = claimedId(inbound.target.query);
      return id === undefined ? undefined : lookUp(inbound, findApp(id));
    },
    async authenticate(inbound) {
      const { target, request, body } = inbound;
      const { method, headers } = request;
      const limit = () => Math.min(maxSignedBody, claimedApp(inbound)?.maxBody ?? Infinity);
      const readBody = () => body.bytes(limit());
      const signed = { method, path: prefix + target.path, query: target.query, headers, readBody };
      const findSecrets = (id: string) => secretsOf(lookUp(inbound, findApp(id)));
      try {
        return grantOf(inbound, await verifyUrl(signed, { ...verifying, findSecrets }));
      } catch (error) {
        throw await explained(error, inbound);
      }
    },
  };
}

/** The part of the verifier's settings that is the same for every request. */
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

/** Notes which app was found, so that it is looked up once for each request. */
function lookUp(
  inbound: InboundRequest,
  found: App | undefined | Promise<App | undefined>,
): App | undefined | Promise<App | undefined> {
  const note = (app: App | undefined) => {
    inbound.claimed = app ?? null;
    return app;
  };
  // The clients of some databases return what only looks like a Promise.
  return found && "then" in found ? found.then(note) : note(found);
}

function secretsOf(found: App | undefined | Promise<App | undefined>) {
  return found && "then" in found ? found.then((app) => app?.secrets) : found?.secrets;
}

function claimedId(query: string): string | undefined {
  const credential = /(?:^|&)X-Sw-Credential=([^&]*)/.exec(query)?.[1];
  return credential === undefined ? undefined : decodeForm(credential).replace(/\/[^/]*$/, "");
}

function claimedApp({ claimed }: InboundRequest): App | undefined {
  return (claimed as App | null | undefined) ?? undefined;
}

function grantOf(inbound: InboundRequest, url: VerifiedUrl): Grant {
  const app = claimedApp(inbound);
  if (!app) throw new GatewayError("internal_error");
  const { target, signedAt, expires, signedHeaders: coveredHeaders, upstream } = url;
  if (expires > (app.maxExpires ?? Infinity)) {
    throw new SignatureError("expires_too_long", { id: app.id, upstream });
  }
  const expiresAt = signedAt + expires * 1000;
  const credential = { scheme: "signed_url", id: app.id, issuedAt: signedAt, expiresAt } as const;
  return { principal: app, credential, target, coveredHeaders };
}
