import { assertBody, encodeRfc3986, toHex, utf8 } from "../primitives/encoding.ts";
import { webSha256 } from "../primitives/sha256.ts";
import { canonicalRequest } from "./canonical_request.ts";
import {
  ALGORITHM,
  formatQuery,
  PARAMETER_NAMES,
  SIGNED_PARAMETERS,
  type SignedParameters,
} from "./parameters.ts";
import { formatRequestDate } from "./request_date.ts";
import { CONTENT_LENGTH, HEADER_NAME } from "./signed_headers.ts";
import { deriveSigningKey } from "./signing_key.ts";
import { scopeOf, stringToSign } from "./string_to_sign.ts";

/** What {@link signUrl} signs, and with what. */
export interface SignOptions {
  /** The gateway's public URL, such as `https://edge.example.net` or `https://example.net/signway`. */
  gateway: string;
  /** The app id. */
  id: string;
  /** The app's secret. */
  secret: string;
  /** The method that the request will have; written in capitals, as `fetch` sends it. Default: `GET`. */
  method?: string;
  /** For how long the URL holds, in seconds, a whole number. Default: 300. */
  expires?: number;
  /** Headers that the request must carry with exactly these values. Default: none. */
  headers?: Readonly<Record<string, string>>;
  /** The exact body that the request must carry. Default: any body will do. */
  body?: string | Uint8Array;
  /** The moment of signing. Default: now. */
  now?: Date;
}

/**
 * Signs a URL (SW1-HMAC-SHA256): whoever holds it can have the gateway send this one request to the
 * upstream until it expires.
 *
 * @param upstream the absolute http(s) URL that the gateway is to call
 * @param options the gateway, the credential and what else is signed
 * @returns the signed URL
 * @throws TypeError when a URL is not absolute http(s), the id or secret is empty, a header's name is
 *   none, or the body is neither text nor bytes
 * @throws RangeError when `expires` is not a whole number of seconds
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
  const { id, secret, expires = 300, now = new Date() } = options;
  const method = (options.method ?? "GET").toUpperCase();
  if (!id || !secret) throw new TypeError("signUrl needs an id and a secret");
  if (!Number.isSafeInteger(expires) || expires < 0) {
    const given = typeof expires === "string" ? JSON.stringify(expires) : expires;
    throw new RangeError(`expires is a whole number of seconds, not ${given}`);
  }
  assertBody(options.body);
  const body = typeof options.body === "string" ? utf8(options.body) : options.body;
  const gateway = parseHttpUrl(options.gateway);
  const path = gateway.pathname.endsWith("/") ? gateway.pathname : `${gateway.pathname}/`;
  const headers = headersToSign(options.headers ?? {}, body);
  const date = formatRequestDate(now);

  const parameters: SignedParameters = {
    "X-Sw-Algorithm": ALGORITHM,
    "X-Sw-Credential": encodeRfc3986(`${id}/${scopeOf(date)}`),
    "X-Sw-Date": date,
    "X-Sw-Expires": String(expires),
    "X-Sw-Proxy": encodeRfc3986(parseHttpUrl(upstream).href),
    "X-Sw-SignedHeaders": encodeRfc3986([...headers.keys()].join(";")),
    "X-Sw-Body": String(body !== undefined),
  };
  const query = formatQuery(SIGNED_PARAMETERS, parameters);
  const canonical = canonicalRequest({ method, path, query, headers });
  const signature = await sign(canonical, body, { secret, date });
  const signed = formatQuery(PARAMETER_NAMES, { ...parameters, "X-Sw-Signature": signature });
  return `${gateway.origin}${path}?${signed}`;
}

async function sign(
  canonical: string,
  body: Uint8Array | undefined,
  { secret, date }: { secret: string; date: string },
): Promise<string> {
  const digest = await webSha256(canonical, body);
  const key = await deriveSigningKey(secret, scopeOf(date));
  const text = utf8(stringToSign(date, digest));
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, text)));
}

function headersToSign(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | undefined,
): Map<string, string> {
  const signed = new Map<string, string>();
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (!HEADER_NAME.test(name)) {
      throw new TypeError(`not a header's name: ${JSON.stringify(given)}`);
    }
    signed.set(name, value);
  }
  if (body) signed.set(CONTENT_LENGTH, String(body.length));
  return signed;
}

function parseHttpUrl(text: string): URL {
  // URL.parse would be shorter; Node 20 lacks it.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`not an absolute http(s) URL: ${JSON.stringify(text)}`);
  }
  return url;
}
