import { PROBE_ORIGIN } from "../../../gateway/model/probe_target.ts";
import { signUrl } from "../../../signing/mod.ts";
import type { Signer } from "../signing/signer.ts";
import type { Site } from "./site.ts";

/** What a signature is made for, if not for now and a minute. */
export interface Signing {
  now?: Date;
  expires?: number;
  /** The URL that the signature is for. Default: that of the site. */
  signedFor?: URL;
}

const EXPIRES = 60;

/** Signs a GET of a target. The path of the signed URL is that of the site, whatever it is signed for. */
export async function signedUrl(site: Site, target: string, signing: Signing = {}): Promise<URL> {
  const { now = new Date(), expires = EXPIRES, signedFor = site.signedFor ?? site.url } = signing;
  const { id, secret, maxExpires = expires } = site.signer ?? STRANGER;
  const signed = await signUrl(target, {
    ...{ gateway: signedFor.href, id, secret, now },
    expires: Math.min(expires, maxExpires),
  });
  const url = new URL(site.url);
  url.search = new URL(signed).search;
  return url;
}

const LONG_AGO = new Date("2000-01-01T00:00:00Z");

/** A URL that has expired, which any gateway refuses, also without a secret of its own. */
export function expiredUrl(site: Site): Promise<URL> {
  return signedUrl(site, `${PROBE_ORIGIN}/`, { now: LONG_AGO, expires: 1 });
}

// A gateway reads the time of a URL before it looks for the app.
const STRANGER: Partial<Signer> & Pick<Signer, "id" | "secret"> = {
  id: "signway-doctor",
  secret: "no secret, for a URL that has expired",
};
