import {
  canonicalRequestCandidates,
  type SignedContent,
} from "../sw1/canonical_request_candidates.ts";
import { utf8 } from "../primitives/encoding.ts";
import { webSha256 } from "../primitives/sha256.ts";
import { deriveSigningKey } from "../sw1/signing_key.ts";
import { stringToSign } from "../sw1/string_to_sign.ts";

/** What may have been signed: the request as it is, or with one thing in it changed. */
export interface Attempt extends SignedContent {
  /** The day that the key is derived for. */
  scope: string;
  secrets: readonly string[];
  /** The canonical request up to the body, where no verifier would write it so. */
  canonical?: string;
}

/** The texts that lead to a signature; neither is derived from a secret. */
export interface Stages {
  canonicalRequest: string;
  stringToSign: string;
}

/** The canonical request of an attempt, without its body, and the string to sign. */
export async function stagesOf(attempt: Attempt): Promise<Stages> {
  const [canonical = ""] = canonicalsOf(attempt);
  return { canonicalRequest: canonical, stringToSign: await textOf(canonical, attempt) };
}

/** Whether the URL's signature is the one that this attempt has. */
export async function isSigned(attempt: Attempt): Promise<boolean> {
  const keys = await Promise.all(
    attempt.secrets.map((secret) => deriveSigningKey(secret, attempt.scope)),
  );
  for (const canonical of canonicalsOf(attempt)) {
    const text = utf8(await textOf(canonical, attempt));
    for (const key of keys) {
      if (await crypto.subtle.verify("HMAC", key, attempt.url.signature, text)) return true;
    }
  }
  return false;
}

function canonicalsOf(attempt: Attempt): Iterable<string> {
  const { canonical } = attempt;
  return canonical === undefined ? canonicalRequestCandidates(attempt) : [canonical];
}

async function textOf(canonical: string, { url, body, scope }: Attempt): Promise<string> {
  return stringToSign(url.date, await webSha256(canonical, body), scope);
}
