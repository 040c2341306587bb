import {
  createSigningKeys,
  SignatureError,
  type SigningKeys,
  type VerifiedUrl,
  verifyUrl,
  type VerifyOptions,
} from "../../signing/verify.ts";
import type { App } from "../model/app.ts";
import type { Grant } from "../model/grant.ts";
import { withLikelyMistake } from "./explain_mismatch.ts";
import { DEFAULTS } from "../defaults.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Bytes } from "../body/relay.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import { readBody } from "../body/request_body.ts";
import { requestTarget } from "../inbound.ts";

/** Settings of {@link createSignedUrlAuthenticator}. */
export interface SignedUrlOptions extends Pick<
  VerifyOptions,
  "now" | "maxExpires" | "clockSkew" | "sha256" | "verifyHmac"
> {
  /** Looks an app up by its id. */
  findApp: (id: string) => App | undefined | Promise<App | undefined>;
  /** The largest body that is read to verify it, in bytes. Default: 10 MiB. */
  maxSignedBody?: number;
  /** Seconds that a client may stall while it sends a body; 0 = no limit. Default: 60. */
  uploadIdleTimeout?: number;
  timers: TimerWheel;
  /** The path prefix that a reverse proxy in front has stripped. Default: `/`. */
  publicPath?: string;
  /** Whether a signature that does not match is held against the usual mistakes. Default: no. */
  explain?: boolean;
  /** Where derived keys come from. Default: a cache of this authenticator. */
  signingKeys?: SigningKeys;
}

/**
 * Makes the authenticator of signed URLs, SW1-HMAC-SHA256.
 *
 * @param options apps, clock and limits
 * @returns a function that throws SignatureError or GatewayError for whatever is not rightly signed
 */
export function createSignedUrlAuthenticator(
  options: SignedUrlOptions,
): (request: Request) => Promise<Grant> {
  const { findApp, maxSignedBody = DEFAULTS.maxSignedBody } = options;
  const { publicPath = DEFAULTS.publicPath } = options;
  const { timers, uploadIdleTimeout = DEFAULTS.uploadIdleTimeout } = options;
  const pace = { timers, idleTimeout: uploadIdleTimeout };
  const { signingKeys = createSigningKeys() } = options;
  const { explain = false } = options;
  const { now, maxExpires, clockSkew, sha256, verifyHmac } = options;
  const clockAndLimits = {
    signingKeys,
    ...(now && { now }),
    ...(maxExpires !== undefined && { maxExpires }),
    ...(clockSkew !== undefined && { clockSkew }),
    ...(sha256 && { sha256 }),
    ...(verifyHmac && { verifyHmac }),
  };
  const prefix = publicPath.replace(/\/+$/, "");

  return async (request) => {
    const { method, headers } = request;
    const { path, query } = requestTarget(request);
    let app: App | undefined;
    const keep = (found: App | undefined) => (app = found)?.secrets;
    const findSecrets = (id: string) => {
      const found = findApp(id);
      // Those of some databases' clients only look like a Promise.
      return found && "then" in found ? found.then(keep) : keep(found);
    };
    let read: Bytes | undefined;
    const readSigned = async () => {
      const limit = Math.min(maxSignedBody, app?.maxBody ?? Infinity);
      return (read = await readBody(request, limit, pace));
    };
    let url: VerifiedUrl;
    try {
      url = await verifyUrl(
        { method, path: prefix + path, query, headers, readBody: readSigned },
        { ...clockAndLimits, findSecrets },
      );
    } catch (error) {
      if (!explain || !app) throw error;
      const { secrets } = app;
      const refused = { request, path: prefix + path, query, body: read, secrets, now, publicPath };
      throw await withLikelyMistake(error, refused);
    }
    if (!app) throw new GatewayError("internal_error");
    if (url.expires > (app.maxExpires ?? Infinity)) {
      throw new SignatureError("expires_too_long", { id: app.id, upstream: url.upstream });
    }
    const { target, signedHeaders, body } = url;
    return body
      ? { app, method, target, signedHeaders, body }
      : { app, method, target, signedHeaders };
  };
}
