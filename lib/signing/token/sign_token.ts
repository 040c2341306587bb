import { toBase64Url } from "../primitives/to_base64.ts";
import { DEFAULT_EXPIRES } from "../primitives/defaults.ts";
import { utf8 } from "../primitives/encoding.ts";
import { webHmac } from "../primitives/hmac.ts";
import type { JsonSchema } from "./json_schema.ts";
import type { OnAbort } from "./counters.ts";
import type { BodyPolicy, OnExcess } from "./policy.ts";
import { MAX_TOKEN_LENGTH, MAX_TOKEN_VALUES, MIN_SECRET_BYTES, USUAL_HEADER } from "./forms.ts";
import { assertJson, isCounted, readOptions } from "./token_options.ts";

/** The credential and the limits of the token, for {@link signToken}. */
export interface TokenOptions {
  /** The app id. */
  id: string;
  /** The app's secret, at least 32 bytes in UTF-8, and not white space alone. */
  secret: string;
  /** How long the token is valid, in whole seconds. Default: 300. */
  expires?: number | undefined;
  /** The end user, 1 to 256 characters. The gateway writes it into its log. Default: none. */
  subject?: string | undefined;
  /**
   * The targets that may be called: each an absolute http(s) URL, or methods and a URL, such as
   * `POST https://api.openai.com/v1/responses` or `GET,POST https://api.example.com/v1/`. A path that ends in
   * `/` is a prefix, any other is exactly that path. Default: all that the operator's rules allow.
   */
  to?: readonly string[] | undefined;
  /** The origins of pages that may use it, such as `https://app.example`. Default: all, and programs. */
  origins?: readonly string[] | undefined;
  /** The addresses that clients may have: of IPv4 or IPv6, alone or as a CIDR range. Default: all. */
  ips?: readonly string[] | undefined;
  /** The longest time that one exchange may last, in whole seconds. Default: what the operator allows. */
  seconds?: number | undefined;
  /**
   * The models that may be called. A trailing `*` stands for letters, digits, `.`, `_` and `-`. With this or
   * another of the limits up to `tools`, requests must be known operations of the API, and everything in them that
   * is not known to be harmless is refused. Default: all models, and any request.
   */
  models?: readonly string[] | undefined;
  /** The most output tokens of a request. Default: what the operator allows. */
  maxOutputTokens?: number | undefined;
  /** Whether a request for more output tokens is lowered or refused. Default: lowered. */
  onExcess?: OnExcess | undefined;
  /** What is opened although it is not known to be harmless, such as `tools:web_search`. Default: nothing. */
  allow?: readonly string[] | undefined;
  /** The text of the system message. Default: the caller's. */
  system?: string | undefined;
  /** The tools of an MCP server that may be called. Default: all. */
  tools?: readonly string[] | undefined;
  /** A JSON Patch (RFC 6902) and a JSON Schema for the bodies of requests. Default: any body. */
  body?: BodyPolicy | undefined;
  /**
   * The text messages that the client of a WebSocket may send: by their types, a JSON Schema for each, or `true`.
   * Default: any messages.
   */
  messages?: Readonly<Record<string, JsonSchema>> | undefined;
  /** Whether it may send binary messages beside them. Default: no. */
  binary?: boolean | undefined;
  /** What is set in a session of OpenAI's realtime API, and stays so. Default: nothing. */
  session?: Readonly<Record<string, unknown>> | undefined;
  /** The most requests, in all: `1` makes a token for one request. Default: no limit. */
  uses?: number | undefined;
  /** The most requests in time, such as `10/s` or `60/min burst 5`. Default: no limit. */
  rate?: string | undefined;
  /** The most exchanges that are open at once. Default: no limit. */
  concurrent?: number | undefined;
  /** The most bytes of response bodies, in all. Default: no limit. */
  bytes?: number | undefined;
  /** The most LLM tokens, of inputs and outputs together, in all. Default: no limit. */
  tokens?: number | undefined;
  /** The highest cost in US dollars, in all, by the gateway's price table. Default: no limit. */
  cost?: number | undefined;
  /**
   * What `tokens` and `cost` count for an exchange that is aborted: what was reserved for it, or what the API
   * reports when the gateway reads its answer to the end. Default: `charge`.
   */
  onAbort?: OnAbort | undefined;
  /** The names of the operator's policies that apply as well. Default: none. */
  policy?: readonly string[] | undefined;
  /** The audience, which must be the gateway's or the app's. Default: none. */
  audience?: string | readonly string[] | undefined;
  /** An id of the token's own, 1 to 128 characters. Default: a random one for a token with a limit that counts. */
  jti?: string | undefined;
  /** The moment before which the token is not valid, to the second. Default: it is valid at once. */
  notBefore?: Date | undefined;
  /** The moment of signing. Default: now. */
  now?: Date | undefined;
}

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
  const payload = JSON.stringify(claims, (name, value) => {
    assertJson(name, value);
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
