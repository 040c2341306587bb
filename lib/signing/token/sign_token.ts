import { toBase64Url } from "../primitives/to_base64.ts";
import { DEFAULT_EXPIRES } from "../primitives/defaults.ts";
import { utf8 } from "../primitives/encoding.ts";
import { webHmac } from "../primitives/hmac.ts";
import { MAX_TOKEN_LENGTH, MAX_TOKEN_VALUES, MIN_SECRET_BYTES, USUAL_HEADER } from "./forms.ts";
import { isCounted, readOptions, type TokenOptions } from "./token_options.ts";

export type { TokenOptions } from "./token_options.ts";

/**
 * Signs an access token: a JWT (RFC 7519) with HS256, without a call to the gateway. Until it expires,
 * anybody who has the token can send any number of requests through the gateway, within its limits.
 *
 * Types are checked here. Only the verifier checks the form of `rate`, names in `models`, `allow`, `tools` and `policy`,
 * the numbers in `ips`, patches and schemas, and amounts of more than 9 · 10^15.
 *
 * @param options the credential and the limits; an option may be inherited, such as a getter of a class. An unknown
 *   option is refused, so that no limit is ignored
 * @returns the token, at most 8,192 characters
 * @throws TypeError when the id is empty, the secret is too short or blank, or an option is unknown or has a
 *   wrong type or form; its message names this option. A URL of `to` must be written as the WHATWG URL parser writes it
 * @throws RangeError when a date is invalid, or the token is too long or has more than 320 values
 *
 * @example
 * ```ts
 * const token = await signToken({
 *   id: "web",
 *   secret: process.env.SW_SECRET,
 *   subject: user.id,
 *   to: ["POST https://api.openai.com/v1/responses"],
 * });
 * ```
 */
export async function signToken(options: TokenOptions): Promise<string> {
  const {
    id,
    secret = "",
    now = new Date(),
    notBefore,
    expires = DEFAULT_EXPIRES,
    subject,
    audience,
    jti,
    ...limits
  } = readOptions(options);
  const key = utf8(secret);
  if (!id || key.length < MIN_SECRET_BYTES) throw new TypeError("no id or secret of 32 bytes");
  const iat = secondsOf(now);
  const claims = {
    iss: id,
    sub: subject,
    aud: audience,
    iat,
    nbf: notBefore && secondsOf(notBefore),
    exp: iat + expires,
    // Only a token with an id can be counted.
    jti: jti ?? (isCounted(limits) ? crypto.randomUUID() : undefined),
    sw: keysOf(limits),
  };
  let values = 0;
  const payload = JSON.stringify(claims, (_, value) => {
    values += Number(value !== undefined);
    return value;
  });
  const signed = `${USUAL_HEADER}.${toBase64Url(utf8(payload))}`;
  const token = `${signed}.${toBase64Url(await webHmac("sha256", key, [utf8(signed)]))}`;
  if (token.length > MAX_TOKEN_LENGTH || values > MAX_TOKEN_VALUES) {
    throw new RangeError("too long");
  }
  return token;
}

/** The options as `sw` has them: `maxOutputTokens` is `max_output_tokens` there. */
function keysOf(limits: Readonly<Record<string, unknown>>): object {
  const sw: Record<string, unknown> = {};
  for (const name in limits) sw[name.replace(/[A-Z]/g, "_$&").toLowerCase()] = limits[name];
  return sw;
}

function secondsOf(date: Date): number {
  // Of an invalid date toISOString throws.
  return Math.floor(Date.parse(date.toISOString()) / 1000);
}
