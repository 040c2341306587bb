import { utf8 } from "../primitives/encoding.ts";
import { webSha256 } from "../primitives/sha256.ts";
import {
  canonicalRequestCandidates,
  type SignedContent,
} from "../sw1/canonical_request_candidates.ts";
import { deriveSigningKey } from "../sw1/signing_key.ts";
import { stringToSign } from "../sw1/string_to_sign.ts";

/** Content that may have been signed: the request as received, or with one change. */
export interface Hypothesis extends SignedContent {
  /** The day that the key is derived for, `YYYYMMDD`. */
  scope: string;
  /** The secrets that may have been used for signing. */
  secrets: readonly string[];
  /** The canonical request up to the body, when no correct signer would write it. */
  canonical?: string;
}

/** The texts from which a signature is computed. Neither is derived from a secret. */
export interface SignatureTexts {
  /** The canonical request without its body. */
  canonicalRequest: string;
  stringToSign: string;
}

/**
 * The canonical request and the string to sign that a signer most likely used.
 *
 * @param hypothesis the content that may have been signed
 */
export async function signatureTexts(hypothesis: Hypothesis): Promise<SignatureTexts> {
  const [canonicalRequest = ""] = canonicalRequests(hypothesis);
  return {
    canonicalRequest,
    stringToSign: await computeStringToSign(canonicalRequest, hypothesis),
  };
}

/**
 * Whether the URL has the signature that a hypothesis predicts.
 *
 * @param hypothesis the content that may have been signed
 */
export async function isSignedAs(hypothesis: Hypothesis): Promise<boolean> {
  const { url, secrets, scope } = hypothesis;
  const keys = await Promise.all(secrets.map((secret) => deriveSigningKey(secret, scope)));
  for (const canonical of canonicalRequests(hypothesis)) {
    const message = utf8(await computeStringToSign(canonical, hypothesis));
    for (const key of keys) {
      if (await crypto.subtle.verify("HMAC", key, url.signature, message)) return true;
    }
  }
  return false;
}

function canonicalRequests(hypothesis: Hypothesis): Iterable<string> {
  const { canonical } = hypothesis;
  return canonical === undefined ? canonicalRequestCandidates(hypothesis) : [canonical];
}

async function computeStringToSign(
  canonical: string,
  { url, body, scope }: Hypothesis,
): Promise<string> {
  return stringToSign(url.date, await webSha256(canonical, body), scope);
}
