import { fromHex, utf8 } from "../primitives/encoding.ts";
import { fromBase64Url } from "../primitives/from_base64url.ts";
import type { ParsedToken } from "../token/parse_token.ts";
import { isTokenSecret } from "../token/token_secret.ts";
import { type Cause, type CauseCode, causeOf } from "./cause.ts";
import type { OtherApp } from "./mistake.ts";
import { secretVariants } from "./secret_variants.ts";

/** The result of {@link checkTokenSignature}. */
export interface CheckedTokenSignature {
  signature: "right" | "wrong" | "unchecked";
  /** The reason why a gateway refuses the signature. Absent: it accepts it, or it was not checked. */
  cause?: Cause;
}

/** Keys that may have signed, after the code of the mistake. */
type KeyVariant = readonly [code: CauseCode, keys: readonly Key[], detail?: string | undefined];

type Key = Uint8Array<ArrayBuffer>;

// Key sets have these; an app's secrets do not.
const KEY_SET_ALGORITHMS = ["ES256", "EdDSA", "RS256"];

// Prefixes of a longer text are not tried.
const MAX_CUT_LENGTH = 256;

/**
 * Checks the signature of a token, and finds the common mistake that makes it wrong.
 *
 * @param token the token
 * @param secrets the secrets that may have signed it. Without one only the algorithm is looked at
 * @param others apps whose secret may have been used by mistake
 */
export async function checkTokenSignature(
  token: ParsedToken,
  secrets: readonly string[],
  others: readonly OtherApp[],
): Promise<CheckedTokenSignature> {
  const { algorithm } = token.header;
  const canCheck = secrets.length > 0;
  const signature = canCheck ? "wrong" : "unchecked";
  if (algorithm !== "HS256") {
    if (!canCheck && KEY_SET_ALGORITHMS.includes(algorithm)) return { signature };
    return { signature, cause: causeOf("token_algorithm", algorithm.slice(0, 20)) };
  }
  if (token.signature.length !== 32) return { signature, cause: causeOf("token_cut") };
  if (!canCheck) return { signature };
  const longSecrets = secrets.filter(isTokenSecret);
  if (await isSignedWith(token, longSecrets.map(utf8))) return { signature: "right" };
  if (await isSignedWith(token, secrets.map(utf8))) {
    return { signature: "right", cause: causeOf("secret_too_short") };
  }
  if (longSecrets.length === 0) return { signature, cause: causeOf("secret_too_short") };
  for (const [code, keys, detail] of keyVariants(token.issuer, longSecrets, others)) {
    if (await isSignedWith(token, keys)) return { signature, cause: causeOf(code, detail) };
  }
  return { signature, cause: causeOf("token_signature_mismatch") };
}

async function isSignedWith(token: ParsedToken, keys: readonly Key[]): Promise<boolean> {
  for (const key of keys) {
    // WebCrypto takes no empty key. One of a zero gives the same MAC (RFC 2104, section 2).
    const bytes = key.length > 0 ? key : new Uint8Array(1);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const imported = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
    if (await crypto.subtle.verify("HMAC", imported, token.signature, token.signed)) return true;
  }
  return false;
}

function* keyVariants(
  id: string,
  secrets: readonly string[],
  others: readonly OtherApp[],
): Generator<KeyVariant> {
  for (const [code, variants, detail] of secretVariants(id, secrets, others)) {
    yield [code, variants.map(utf8), detail];
  }
  yield ["secret_hex_decoded", secrets.map((it) => it.trim()).flatMap(bytesOfHex)];
  yield ["secret_base64_decoded", secrets.map((it) => it.trim()).flatMap(bytesOfBase64)];
  for (const secret of secrets.filter(({ length }) => length <= MAX_CUT_LENGTH)) {
    for (let end = secret.length - 1; end > 0; end--) {
      yield ["secret_cut", [utf8(secret.slice(0, end))], `${end}`];
    }
  }
}

function bytesOfHex(text: string): Key[] {
  return /^([\da-f]{2})+$/i.test(text) ? [fromHex(text)] : [];
}

function bytesOfBase64(text: string): Key[] {
  const url = text.replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
  const bytes = fromBase64Url(url);
  return bytes ? [bytes] : [];
}
