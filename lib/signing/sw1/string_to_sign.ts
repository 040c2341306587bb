import { ALGORITHM } from "./parameters.ts";

/**
 * The string to sign: the message of the HMAC.
 *
 * @param date the value of `X-Sw-Date`
 * @param digest the SHA-256 of the canonical request in lower-case hex
 * @param scope the day that the key is derived for, `YYYYMMDD`. Default: the day of the date
 */
export function stringToSign(date: string, digest: string, scope = scopeOf(date)): string {
  return `${ALGORITHM}\n${date}\n${scope}\n${digest}`;
}

/** The credential scope: the day of a request date, `YYYYMMDD`. */
export function scopeOf(date: string): string {
  return date.slice(0, 8);
}
