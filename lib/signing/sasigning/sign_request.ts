import { assertBody } from "../primitives/body.ts";
import { utf8 } from "../primitives/encoding.ts";
import { areMacsEqual, type Bytes, type HashName, type Hmac, webHmac } from "../primitives/hmac.ts";
import { toBase64 } from "../primitives/to_base64.ts";
import { type FieldSource, fieldValue } from "./request_fields.ts";

/** How requests are signed. The signer and the gateway must use the same scheme. */
export interface HeaderScheme {
  /** The names of the signed fields, in the order of signing; at least one. Default: `path`, `method`. */
  fields?: readonly string[];
  /**
   * Separates the elements of the message. A request is refused when a value other than the body contains
   * it. Default: an empty string, which does not show where one value ends and the next one starts.
   */
  delimiter?: string;
  /** The hash function. Default: `sha256`. */
  hash?: HashName;
  /** Computes the MAC. Default: WebCrypto, which supports `sha1`, `sha256`, `sha384` and `sha512`. */
  hmac?: Hmac;
}

/**
 * Signs a request as SASigning (drf-simple-api-signing) does, for the header `Signature`.
 *
 * @param request the request whose fields are signed
 * @param secret shared with the gateway; it is the key and the last element of the message
 * @param scheme fields, delimiter and hash function
 * @returns the signature in base64, standard alphabet with padding (RFC 4648, section 4)
 * @throws TypeError when the secret is blank, there is no signed field, a signed field is unknown, missing or not valid
 *   Unicode, the body is neither text nor bytes, or `hmac` does not support the hash function
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
  if (!secret?.trim()) throw new TypeError("signRequest needs a secret");
  assertBody(request.body);
  const message = signedMessage(request, secret, scheme);
  if (!message) throw new TypeError("signed field missing or no Unicode");
  return toBase64(await computeMac(message, secret, scheme));
}

/**
 * Verifies the signature of a request as SASigning (drf-simple-api-signing) does.
 *
 * @param request the request as it was received
 * @param signature the value of the header `Signature`
 * @param secrets the secrets that may have been used for signing; blank ones are skipped
 * @param scheme fields, delimiter and hash function
 * @returns whether the signature was made with one of the secrets; `false` also when a signed field is
 *   missing or not valid Unicode, a field other than the body contains the delimiter, or the signature is
 *   not canonical base64 (RFC 4648, section 4)
 * @throws TypeError when there is no signed field or one is unknown, or `hmac` does not support the hash function
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
 * Whether a text has the form of a signature: canonical base64 (RFC 4648, section 4). Any other text is
 * refused before the body is read.
 *
 * @param signature the value of the header `Signature`
 */
export function isSignature(signature: string): boolean {
  return fromBase64(signature) !== undefined;
}

/**
 * Verifies a request like {@link verifyRequest}, and returns which secret signed it.
 *
 * @param request the request as it was received
 * @param signature the value of the header `Signature`
 * @param secrets the secrets that may have been used for signing
 * @param scheme fields, delimiter and hash function
 * @returns the index of the secret; `undefined` where {@link verifyRequest} returns `false`
 * @throws TypeError when there is no signed field or one is unknown, or `hmac` does not support the hash function
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
    // Anybody can guess a blank secret.
    if (secret.trim() === "") continue;
    const message = signedMessage(request, secret, scheme);
    if (!message) return undefined;
    if (await areMacsEqual(await computeMac(message, secret, scheme), received)) return index;
  }
  return undefined;
}

/**
 * The parts of the message that is signed: the values of the fields and the secret, joined by the
 * delimiter, in UTF-8.
 *
 * @returns `undefined` when a field is missing or no Unicode
 */
function signedMessage(
  request: FieldSource,
  secret: string,
  scheme: HeaderScheme,
): Uint8Array[] | undefined {
  const { delimiter = "" } = scheme;
  const parts: Uint8Array[] = [];
  for (const field of fieldsOf(scheme)) {
    const value = fieldValue(field, request);
    const isText = typeof value === "string";
    // UTF-8 has no lone surrogates. All of them would be signed as U+FFFD.
    if (value === undefined || (isText && !value.isWellFormed())) return undefined;
    parts.push(isText ? utf8(value) : value, utf8(delimiter));
  }
  parts.push(utf8(secret));
  return parts;
}

// Without fields, one signature would fit every request.
function fieldsOf({ fields = ["path", "method"] }: HeaderScheme): readonly string[] {
  if (fields.length === 0) throw new TypeError("no signed fields");
  return fields;
}

// The body may contain the delimiter: it is the rest of the message when no other value does. No method is
// a prefix or suffix of another.
const NEVER_AMBIGUOUS = /^(body|method|REQUEST_METHOD)$/;

/**
 * Whether a value contains the delimiter, alone or together with the delimiter beside it, as `a-` does
 * with `--`. Such a value could be read as two.
 */
function isAmbiguous(request: FieldSource, scheme: HeaderScheme): boolean {
  const fields = fieldsOf(scheme);
  const { delimiter = "" } = scheme;
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

function fromBase64(text: string): Bytes | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    // SASigning compares texts, so another base64 text of the same bytes is not the signature.
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
