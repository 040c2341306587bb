import { utf8 } from "../primitives/encoding.ts";
import type { Bytes } from "../primitives/hmac.ts";
import { parsePresignedUrl, parseTarget, type PresignedUrl } from "../sw1/presigned_url.ts";
import { repeatsHeaderNames } from "../sw1/repeated_names.ts";
import { CONTENT_LENGTH } from "../sw1/signed_headers.ts";
import { scopeOf } from "../sw1/string_to_sign.ts";
import { type Cause, causeOf } from "./cause.ts";
import { type CheckedSignature, checkSignature, type ReceivedRequest } from "./check_signature.ts";
import { describeParts, type Explanation } from "./explanation.ts";
import { signatureTexts } from "./hypothesis.ts";
import { type Clock, describeLife } from "./life.ts";
import { malformedCause } from "./malformed_cause.ts";
import type { OtherApp } from "./mistake.ts";

/** Settings of {@link explainUrl}. */
export interface ExplainOptions extends Clock {
  /** The request's method, as on the request line. Default: the signed one if it can be found, or else POST with a body, or GET. */
  method?: string;
  /** The request's headers, by name. Default: none. */
  headers?: Readonly<Record<string, string>>;
  /** The request's body. Default: none. */
  body?: string | Bytes;
  /** The secrets of the app that the URL names. Default: none, and the signature is not checked. */
  secrets?: readonly string[];
  /** Apps whose id or secret may have been used by mistake. Default: none. */
  others?: readonly OtherApp[];
  /** The path prefix that a reverse proxy in front of the gateway strips. Default: none. */
  publicPath?: string;
}

/**
 * Explains a signed URL (SW1-HMAC-SHA256): its parts, whether a gateway accepts it, and if not, which
 * common mistake was made. An invalid URL is explained too; it causes no error.
 *
 * @param url the absolute URL
 * @param options the request to this URL, the secrets, the clock and the limits in seconds
 * @returns plain data that holds nothing derived from a secret
 * @throws TypeError when the name or value of a header in `options` is invalid
 *
 * @example
 * ```ts
 * const { accepted, causes } = await explainUrl(url, { method: "GET", secrets: [secret] });
 * if (!accepted) console.log(causes.map(({ sentence, remedy }) => `${sentence} ${remedy}`));
 * ```
 */
export async function explainUrl(url: string, options: ExplainOptions = {}): Promise<Explanation> {
  // URL.parse would be shorter; Node 20 lacks it.
  if (!URL.canParse(url)) return malformed(causeOf("url_malformed"));
  const gateway = new URL(url);
  const query = queryOf(url);
  let signed: PresignedUrl;
  try {
    signed = parsePresignedUrl(query);
  } catch (error) {
    return malformed(malformedCause(error, query));
  }
  const { life, cause } = describeLife(signed, options);
  const request = describeRequest(signed, gateway.pathname, { ...options, query });
  const checked = await checkSignature(request);
  const missing = request.missingHeaders.map((name) => causeOf("signed_header_missing", name));
  const content = causesOfContent(signed, checked, query);
  const causes = [...(cause ? [cause] : []), ...missing, ...content];
  return {
    accepted: isAccepted(causes, checked.signature),
    signature: checked.signature,
    causes,
    parts: describeParts(gateway, checked.hypothesis),
    life,
    ...(await signatureTexts(checked.hypothesis)),
  };
}

/** The query as it is sent. The URL parser removes tabs and line breaks, and blanks at the end. */
function queryOf(url: string): string {
  let end = url.length;
  while (url.charCodeAt(end - 1) <= 0x20) end--;
  const [sent = ""] = url
    .slice(0, end)
    .replace(/[\t\n\r]/g, "")
    .split("#", 1);
  const start = sent.indexOf("?") + 1;
  return start === 0 ? "" : sent.slice(start);
}

/** What is wrong with the signature, and then what a verifier checks after it. */
function causesOfContent(
  { upstream, signedHeaders }: PresignedUrl,
  { cause, hypothesis: { body } }: CheckedSignature,
  query: string,
): Cause[] {
  const repeated = body && repeatsHeaderNames(signedHeaders, body);
  const target = causeOfTarget(upstream, query);
  // It explains a signature that nothing else explains.
  const isTwice = target?.code === "url_encoded_twice" && cause?.code === "unknown";
  return [
    isTwice ? undefined : cause,
    repeated ? causeOf("body_repeats_names") : undefined,
    target,
  ].filter((it) => it !== undefined);
}

function causeOfTarget(upstream: string, query: string): Cause | undefined {
  try {
    parseTarget(upstream);
    return undefined;
  } catch (error) {
    return malformedCause(error, query);
  }
}

function malformed(cause: Cause): Explanation {
  return { accepted: false, signature: "unchecked", causes: [cause] };
}

function isAccepted(
  causes: readonly Cause[],
  signature: Explanation["signature"],
): boolean | undefined {
  if (causes.length > 0) return false;
  return signature === "right" ? true : undefined;
}

function describeRequest(
  url: PresignedUrl,
  path: string,
  options: ExplainOptions & { query: string },
): ReceivedRequest {
  const { method, secrets = [], others, publicPath, query } = options;
  const body = typeof options.body === "string" ? utf8(options.body) : options.body;
  const { headers, missingHeaders } = findSignedHeaders(url, new Headers(options.headers));
  return {
    hypothesis: {
      url,
      method: method ?? (body ? "POST" : "GET"),
      path,
      headers,
      body: url.signedBody ? (body ?? new Uint8Array()) : undefined,
      scope: scopeOf(url.date),
      secrets: secrets.filter((secret) => secret.trim() !== ""),
    },
    missingHeaders,
    isMethodKnown: method !== undefined,
    context: { publicPath, others, body, unrelatedQuery: unrelatedQuery(query) },
  };
}

function findSignedHeaders({ signedHeaders, signedBody }: PresignedUrl, received: Headers) {
  const headers = new Map<string, string>();
  const missingHeaders: string[] = [];
  for (const name of signedHeaders) {
    const value = received.get(name);
    if (value !== null) headers.set(name, value);
    // The length of a signed body is known without the header.
    else if (!signedBody || name !== CONTENT_LENGTH) missingHeaders.push(name);
  }
  return { headers, missingHeaders };
}

function unrelatedQuery(query: string): string | undefined {
  const pairs = query.split("&").filter((pair) => !pair.startsWith("X-Sw-"));
  return pairs.join("&") || undefined;
}
