import { assertBody } from "../primitives/body.ts";
import { utf8 } from "../primitives/encoding.ts";
import { areMacsEqual, type Bytes, type HashName, type Hmac, webHmac } from "../primitives/hmac.ts";
import { type FieldSource, fieldValue } from "./request_fields.ts";

/** The scheme that a consumer and a gateway have agreed on, apart from the secret. */
export interface HeaderScheme {
  /** The names of the signed fields, in the order of signing. Default: `path`, `method`. */
  fields?: readonly string[];
  /**
   * Separates the elements of the message. A request in which another value than the body holds it is
   * refused. Default: an empty text, which leaves open where one value of free length ends and the next
   * one begins.
   */
  delimiter?: string;
  /** The hash function. Default: `sha256`. */
  hash?: HashName;
  /** Computes the MAC. Default: WebCrypto's, which has `sha1`, `sha256`, `sha384` and `sha512`. */
  hmac?: Hmac;
}

/**
 * Signs a request as SASigning (drf-simple-api-signing) does, for the header `Signature`.
 *
 * @param request the request whose fields are signed
 * @param secret shared with the gateway; it is the key and the last element of the message
 * @param scheme fields, delimiter and hash function
 * @returns the signature in base64, standard alphabet with padding (RFC 4648, section 4)
 * @throws TypeError when the secret is empty, the request lacks a field, a field other than the body
 *   holds the delimiter, or the body is neither text nor bytes
 *
 * @example
 * ```ts
 * const signature = await signRequest({ method: "GET", path: "/users/" }, secret);
 * await fetch("https://gateway.example.com/users/", { headers: { Signature: signature } });
 * ```
 */
export async function signRequest(
  request: FieldSource,
  secret: string,
  scheme: HeaderScheme = {},
): Promise<string> {
  if (!secret) throw new TypeError("signRequest needs a secret");
  assertBody(request.body);
  const message = signedMessage(request, secret, scheme);
  if (!message) throw new TypeError("a signed field is missing or not valid Unicode");
  return toBase64(await computeMac(message, secret, scheme));
}

/**
 * Verifies the signature of a request as SASigning (drf-simple-api-signing) does.
 *
 * @param request the request as it was received
 * @param signature the value of the header `Signature`
 * @param secrets the secrets, any of which may have signed
 * @param scheme fields, delimiter and hash function
 * @returns whether one of the secrets made this signature; also false when the request lacks a field,
 *   another field than the body holds the delimiter, or the signature is not canonical base64 (RFC 4648, section 4)
 * @throws TypeError when the scheme names an unknown field or a hash function that it cannot compute
 *
 * @example
 * ```ts
 * const request = { method: "GET", path: "/users/" };
 * const isGenuine = await verifyRequest(request, headers.get("signature") ?? "", [secret]);
 * ```
 */
export async function verifyRequest(
  request: FieldSource,
  signature: string,
  secrets: readonly string[],
  scheme: HeaderScheme = {},
): Promise<boolean> {
  return (await findVerifyingSecret(request, signature, secrets, scheme)) !== undefined;
}

/**
 * Whether a text can be a signature at all: canonical base64. Any other is refused before a body is read.
 *
 * @param signature the header's value
 */
export function isSignature(signature: string): boolean {
  return fromBase64(signature) !== undefined;
}

/**
 * {@link verifyRequest}, which also says which secret it was.
 *
 * @param request as it was received
 * @param signature the header's value
 * @param secrets any of which may have signed
 * @param scheme fields, delimiter and hash function
 * @returns the index of the secret that made this signature; `undefined` when none did
 * @throws TypeError when the scheme names a field or a hash function that there is not
 */
export async function findVerifyingSecret(
  request: FieldSource,
  signature: string,
  secrets: readonly string[],
  scheme: HeaderScheme = {},
): Promise<number | undefined> {
  const received = fromBase64(signature);
  if (!received || isAmbiguous(request, scheme)) return undefined;
  for (const [index, secret] of secrets.entries()) {
    const message = signedMessage(request, secret, scheme);
    if (!message || !secret) return undefined;
    if (await areMacsEqual(await computeMac(message, secret, scheme), received)) return index;
  }
  return undefined;
}

/**
 * The parts of the message that is signed: the fields' values and the secret, joined by the delimiter, in
 * UTF-8.
 *
 * @returns `undefined` when the request lacks a field
 */
function signedMessage(
  request: FieldSource,
  secret: string,
  { fields = ["path", "method"], delimiter = "" }: HeaderScheme,
): Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    const value = fieldValue(field, request);
    if (value === undefined) return undefined;
    // Half a surrogate pair has no UTF-8. It would be signed as U+FFFD, like any other half.
    if (typeof value === "string" && !value.isWellFormed()) return undefined;
    parts.push(typeof value === "string" ? utf8(value) : value, utf8(delimiter));
  }
  parts.push(utf8(secret));
  return parts;
}

// The body is what is left when no other value holds the delimiter; of the methods none begins or ends
// another.
const NEVER_AMBIGUOUS = /^(body|method|REQUEST_METHOD)$/;

/**
 * Whether a value holds the delimiter, or would together with one that stands beside it, as `a-` does for
 * `--`. It could be taken for two.
 */
function isAmbiguous(
  request: FieldSource,
  { fields = ["path", "method"], delimiter = "" }: HeaderScheme,
): boolean {
  if (delimiter === "") return false;
  return fields.some((field) => {
    const value = NEVER_AMBIGUOUS.test(field) ? undefined : fieldValue(field, request);
    if (typeof value !== "string") return false;
    const between = delimiter + value + delimiter;
    return between.indexOf(delimiter, 1) !== delimiter.length + value.length;
  });
}

function computeMac(
  message: readonly Uint8Array[],
  secret: string,
  { hash = "sha256", hmac = webHmac }: HeaderScheme,
) {
  return hmac(hash, utf8(secret), message);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    // SASigning compares texts, so another spelling of the same bytes is not the signature.
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
