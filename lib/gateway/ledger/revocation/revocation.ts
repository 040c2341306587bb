/** Revoked credentials of an app: one token, all tokens of an end user, or all credentials from before a time. */
export interface RevokedCredentials {
  /** The id of the app, or the path of the route. */
  app: string;
  /** The claim `jti` of the token. */
  token?: string;
  /** The claim `sub` of the tokens. */
  subject?: string;
  /** Credentials that were issued before it, in milliseconds since the epoch. */
  before?: number;
}

/** A revocation as stores keep it. */
export interface Revocation extends RevokedCredentials {
  /** When it was made or lifted, in milliseconds of the store's clock. Of two for the same credentials the later counts. */
  at: number;
  /** When the last credential that it concerns must have expired, in milliseconds since the epoch. */
  until: number;
  /** It was taken back. It is kept like others, so that no process brings the revocation back. */
  isLifted?: boolean;
}

/**
 * How long a revocation is kept after it has expired, in milliseconds. A clock that is ahead for a while, and set right then, must
 * not bring a credential back.
 */
export const KEPT_EXPIRED_MS = 86_400_000;

/**
 * Returns a text that is the same for revocations of the same credentials, and no others.
 *
 * @param revoked the credentials
 */
export function revocationKey({ app, token, subject, before }: RevokedCredentials): string {
  return JSON.stringify([app, token ?? null, subject ?? null, before ?? null]);
}
