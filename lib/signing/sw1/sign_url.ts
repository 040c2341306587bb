import { assertBody } from "../primitives/body.ts";
import { encodeRfc3986, toHex, utf8 } from "../primitives/encoding.ts";
import { webHmac } from "../primitives/hmac.ts";
import { httpSpelling, parseHttpUrl } from "../primitives/http_url.ts";
import { webSha256 } from "../primitives/sha256.ts";
import { canonicalRequest } from "./canonical_request.ts";
import { type HeadersToSign, headersToSign } from "./headers_to_sign.ts";
import {
  ALGORITHM,
  formatQuery,
  SIGNATURE_PARAMETER,
  type SignedParameterName,
  type SignedParameters,
} from "./parameters.ts";
import { DEFAULT_EXPIRES } from "../primitives/defaults.ts";
import { formatRequestDate } from "./request_date.ts";
import { deriveKeyBytes } from "./signing_key.ts";
import { scopeOf, stringToSign } from "./string_to_sign.ts";

/** The credential, the gateway and the signed parts of the request, for {@link signUrl}. */
export interface SignOptions {
  /** The gateway's public URL, such as `https://edge.example.net` or `https://example.net/signway`. */
  gateway: string;
  /** The app id. */
  id: string;
  /** The app's secret. */
  secret: string;
  /** The method that the request will have. It is signed in upper case. Default: `GET`. */
  method?: string;
  /** How long the URL is valid, in whole seconds. Default: 300. */
  expires?: number;
  /**
   * Headers that the request must carry with exactly these values: a plain object, `Headers`, or pairs of a name and a
   * value. Default: none.
   */
  headers?: HeadersToSign;
  /** The exact body that the request must carry. Default: any body is accepted. */
  body?: string | Uint8Array;
  /** The time of signing. Default: now. */
  now?: Date;
}

/**
 * Signs a URL (SW1-HMAC-SHA256). Until it expires, anybody who has the URL can send this one request to
 * the upstream through the gateway.
 *
 * @param upstream the absolute http(s) URL that the gateway calls; `wss` and `ws`, for a WebSocket, are written as
 *   `https` and `http`
 * @param options the gateway, the credential and the signed parts of the request
 * @returns the signed URL
 * @throws TypeError when a URL is not absolute http(s), the id is empty or contains a control character, the secret is
 *   blank, `headers` is neither a plain object nor pairs, the name of a header is invalid or given twice, its value is no
 *   text or contains CR, LF or NUL, or the body is neither text nor bytes. No message contains a header's value
 * @throws RangeError when `expires` is not a whole number of seconds, or `now` is an invalid date, or not in the years
 *   0 to 9999
 * @throws URIError when the id contains a lone surrogate
 *
 * @example
 * ```ts
 * const url = await signUrl("https://api.openai.com/v1/chat/completions", {
 *   gateway: "https://edge.example.net",
 *   id: "web",
 *   secret: process.env.SW_SECRET,
 *   method: "POST",
 * });
 * ```
 */
export async function signUrl(upstream: string, options: SignOptions): Promise<string> {
  const { id, secret, expires = DEFAULT_EXPIRES, now = new Date() } = options;
  const method = (options.method ?? "GET").toUpperCase();
  // Verifiers refuse such an id, and skip a blank secret.
  if (!id || /[\0-\x1f\x7f]/.test(id)) {
    throw new TypeError("id: empty, or with a control character");
  }
  if (!secret?.trim()) throw new TypeError("secret: blank");
  assertExpires(expires);
  assertBody(options.body);
  const body = typeof options.body === "string" ? utf8(options.body) : options.body;
  const gateway = parseHttpUrl(options.gateway);
  const path = gateway.pathname.replace(/\/?$/, "/");
  const headers = headersToSign(options.headers ?? {}, body);
  const date = formatRequestDate(now);
  const parameters: SignedParameters = {
    "X-Sw-Algorithm": ALGORITHM,
    "X-Sw-Credential": encodeRfc3986(`${id}/${scopeOf(date)}`),
    "X-Sw-Date": date,
    "X-Sw-Expires": String(expires),
    "X-Sw-Proxy": encodeRfc3986(parseHttpUrl(httpSpelling(upstream)).href),
    "X-Sw-SignedHeaders": encodeRfc3986([...headers.keys()].join(";")),
    "X-Sw-Body": String(body !== undefined),
  };
  // They are written out in the order of PARAMETER_NAMES, which the bundle then need not hold.
  const names = Object.keys(parameters) as SignedParameterName[];
  const query = formatQuery(names.toSorted(), parameters);
  const canonical = canonicalRequest({ method, path, query, headers });
  const text = stringToSign(date, await webSha256(canonical, body));
  const key = await deriveKeyBytes(secret, scopeOf(date));
  const signature = toHex(await webHmac("sha256", key, [utf8(text)]));
  const signed = formatQuery(names, parameters);
  return `${gateway.origin}${path}?${signed}&${SIGNATURE_PARAMETER}=${signature}`;
}

function assertExpires(expires: number): void {
  if (Number.isSafeInteger(expires) && expires >= 0) return;
  throw new RangeError(
    `expires must be a whole number of seconds, not ${typeof expires} ${expires}`,
  );
}
