import { type Attempt, isSigned, stagesOf } from "./attempt.ts";
import { type Cause, causeOf } from "./cause.ts";
import { utf8 } from "../primitives/encoding.ts";
import type { Bytes } from "../primitives/hmac.ts";
import { findMistake } from "./find_mistake.ts";
import { malformedCause } from "./malformed_cause.ts";
import type { OtherApp } from "./mistake.ts";
import { parsePresignedUrl, type PresignedUrl } from "../sw1/presigned_url.ts";
import { scopeOf } from "../sw1/string_to_sign.ts";

/** Settings of {@link explainUrl}. */
export interface ExplainOptions {
  /** The request's method. Default: whichever the signature fits, GET or POST when it fits none. */
  method?: string;
  /** The request's headers, by name. Default: none. */
  headers?: Readonly<Record<string, string>>;
  /** The request's body. Default: none. */
  body?: string | Bytes;
  /** The secrets of the app that the URL names. Default: none, and the signature is not checked. */
  secrets?: readonly string[];
  /** Apps whose id or secret may have been taken by mistake. Default: none. */
  others?: readonly OtherApp[];
  /** The current time. Default: now. */
  now?: Date;
  /** The longest life that the gateway allows, in seconds. Default: 604800, a week. */
  maxExpires?: number;
  /** How far ahead the signer's clock may be, in seconds. Default: 300. */
  clockSkew?: number;
  /** The path prefix that a reverse proxy in front of the gateway strips. Default: none. */
  publicPath?: string;
}

/** A signed URL explained: plain data, without anything that is derived from a secret. */
export interface Explanation {
  /** Whether a gateway would accept the request; `undefined` when no secret was given to tell. */
  accepted: boolean | undefined;
  /** Whether the signature is right; `unchecked` without a secret or a well-formed URL. */
  signature: "right" | "wrong" | "unchecked";
  /** Everything found wrong, what a gateway would name first standing first. */
  causes: readonly Cause[];
  /** Absent when the URL is malformed. */
  parts?: ExplainedParts;
  life?: Life;
  /** The canonical request as a verifier computes it, the signed body after it left out. */
  canonicalRequest?: string;
  stringToSign?: string;
}

/** What the URL says. */
export interface ExplainedParts {
  /** Origin and path of the gateway. */
  gateway: string;
  id: string;
  /** The method that was checked. */
  method: string;
  upstream: string;
  signedHeaders: readonly string[];
  signedBody: boolean;
  /** The first eight digits of the signature. */
  signature: string;
}

/** When the URL holds; moments in ISO 8601. */
export interface Life {
  signedAt: string;
  /** Absent when it lies beyond what a calendar holds. */
  expiresAt?: string;
  /** In seconds. */
  expires: number;
  state: "early" | "valid" | "expired";
}

/**
 * Explains a signed URL (SW1-HMAC-SHA256): what it says, whether it is accepted, and if not, which
 * usual mistake it was. It never throws for a bad URL: that is what it explains.
 *
 * @param url the absolute URL
 * @param options the request that is made to it, the secrets and the clock
 */
export async function explainUrl(url: string, options: ExplainOptions = {}): Promise<Explanation> {
  // URL.parse would be shorter; Node 20 lacks it.
  if (!URL.canParse(url)) return refusal([causeOf("url_malformed")]);
  const parsed = new URL(url);
  const query = /\?([^#]*)/s.exec(url.trim())?.[1] ?? "";
  let signed: PresignedUrl;
  try {
    signed = parsePresignedUrl(query);
  } catch (error) {
    return refusal([malformedCause(error, query)]);
  }
  const { life, cause } = lifeOf(signed, options);
  const { secrets = [] } = options;
  const body = typeof options.body === "string" ? utf8(options.body) : options.body;
  const { headers, missing } = headersOf(signed, new Headers(options.headers));
  let attempt: Attempt = {
    url: signed,
    method: (options.method ?? (body ? "POST" : "GET")).toUpperCase(),
    path: parsed.pathname,
    headers,
    body: signed.signedBody ? (body ?? new Uint8Array()) : undefined,
    scope: scopeOf(signed.date),
    secrets: secrets.filter((secret) => secret.trim() !== ""),
  };
  const causes = cause ? [cause] : [];
  causes.push(...missing.map((name) => causeOf("signed_header_missing", name)));
  let signature: Explanation["signature"] = "unchecked";
  if (attempt.secrets.length > 0) {
    const matches = missing.length === 0 && (await isSigned(attempt));
    const mistake = matches
      ? undefined
      : await findMistake(attempt, { ...options, body, foreign: foreignOf(query) });
    const { method } = mistake?.change ?? {};
    // Nobody said which method it is, so the one that was signed is no mistake.
    const found = mistake?.code === "method_differs" && method && options.method === undefined;
    if (found) attempt = { ...attempt, method };
    signature = matches || found ? "right" : "wrong";
    if (mistake && !found) causes.push(causeOf(mistake.code, mistake.detail));
    else if (signature === "wrong" && missing.length === 0) causes.push(causeOf("unknown"));
  }
  const wrong = causes.length > 0;
  return {
    accepted: wrong ? false : signature === "right" ? true : undefined,
    signature,
    causes,
    parts: partsOf(parsed, attempt),
    life,
    ...(await stagesOf(attempt)),
  };
}

function refusal(causes: readonly Cause[]): Explanation {
  return { accepted: false, signature: "unchecked", causes };
}

function lifeOf(
  { signedAt, expires }: PresignedUrl,
  { now = new Date(), maxExpires = 604_800, clockSkew = 300 }: ExplainOptions,
): { life: Life; cause?: Cause } {
  const age = now.getTime() - signedAt;
  const state = age < -clockSkew * 1000 ? "early" : age > expires * 1000 ? "expired" : "valid";
  const end = new Date(signedAt + expires * 1000);
  const life: Life = {
    signedAt: new Date(signedAt).toISOString(),
    ...(!Number.isNaN(end.getTime()) && { expiresAt: end.toISOString() }),
    expires,
    state,
  };
  if (expires > maxExpires) return { life, cause: causeOf("expires_too_long") };
  if (state === "valid") return { life };
  return { life, cause: causeOf(state === "early" ? "date_in_future" : "expired") };
}

function headersOf({ signedHeaders, signedBody }: PresignedUrl, received: Headers) {
  const headers = new Map<string, string>();
  const missing: string[] = [];
  for (const name of signedHeaders) {
    const value = received.get(name);
    if (value !== null) headers.set(name, value);
    else if (!signedBody || name !== "content-length") missing.push(name);
  }
  return { headers, missing };
}

function foreignOf(query: string): string | undefined {
  const pairs = query.split("&").filter((pair) => !pair.startsWith("X-Sw-"));
  return pairs.join("&") || undefined;
}

function partsOf(gateway: URL, { url, method }: Attempt): ExplainedParts {
  const { id, upstream, signedHeaders, signedBody, query } = url;
  return {
    gateway: gateway.origin + gateway.pathname,
    id,
    method,
    upstream,
    signedHeaders,
    signedBody,
    signature: query.raw["X-Sw-Signature"].slice(0, 8),
  };
}
