import type { Cause } from "./cause.ts";
import type { Hypothesis } from "./hypothesis.ts";
import type { Life } from "./life.ts";

/** The explanation of a signed URL: plain data that holds nothing derived from a secret. */
export interface Explanation {
  /** Whether a gateway would accept the request; `undefined` when no secret was given to check it. */
  accepted: boolean | undefined;
  /** Whether the signature is right; `unchecked` without a secret or a well-formed URL. */
  signature: "right" | "wrong" | "unchecked";
  /** Everything that is wrong. A gateway would report the first cause. */
  causes: readonly Cause[];
  /** Absent when the URL is malformed. */
  parts?: ExplainedParts;
  /** Absent when the URL is malformed. */
  life?: Life;
  /** The canonical request as a verifier computes it, without the signed body after it. */
  canonicalRequest?: string;
  /** The string to sign as a verifier computes it. */
  stringToSign?: string;
}

/** The parts of the URL, decoded. */
export interface ExplainedParts {
  /** Origin and path of the gateway. */
  gateway: string;
  /** The app id. */
  id: string;
  /** The method that was checked. */
  method: string;
  /** The URL to call, as the signer wrote it. */
  upstream: string;
  /** The names of the signed headers, in lower case, in the signer's order. */
  signedHeaders: readonly string[];
  /** Whether the body is part of the signature. */
  signedBody: boolean;
  /** The first eight digits of the signature. */
  signature: string;
}

/**
 * Describes the parts of a signed URL.
 *
 * @param gateway the whole URL
 * @param hypothesis the request that was checked
 */
export function describeParts(gateway: URL, { url, method }: Hypothesis): ExplainedParts {
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
