import { fromBase64Url } from "../primitives/from_base64url.ts";
import { utf8 } from "../primitives/encoding.ts";
import { JsonError } from "../primitives/json_error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../primitives/json_value.ts";
import { countCommas } from "../primitives/count_commas.ts";
import { parseStrictJson } from "../primitives/strict_json.ts";
import { assertCountable, parseRegisteredClaims, type RegisteredClaims } from "./claims.ts";
import { type CompactParts, type DecodedToken, splitToken } from "./compact_form.ts";
import { MAX_TOKEN_VALUES, USUAL_HEADER } from "./forms.ts";
import { parseTokenHeader, type TokenHeader } from "./header.ts";
import { assertNoMisplacedPermit, parsePermits, type TokenPermits } from "./permits.ts";
import { malformed, type TokenError } from "./token_error.ts";

/** What is signed of a token. Do not trust it before the signature is verified. */
export interface TokenContent extends RegisteredClaims {
  header: TokenHeader;
  /** The claim `sw`. Absent when the token does not have it. */
  permits?: TokenPermits;
  /** All claims, as strict JSON reads them: an integer in another form than `12` is a `JsonNumber`. */
  claims: JsonObject;
  /** The bytes that are signed (RFC 7515, section 5.1). */
  signed: Uint8Array<ArrayBuffer>;
}

/** The parts of a token. Do not trust them before the signature is verified. */
export interface ParsedToken extends TokenContent {
  /** The signature, of any length. */
  signature: Uint8Array<ArrayBuffer>;
}

/**
 * Parses an access token and checks the form of its header and of each claim. It takes time in proportion to
 * the length of the token, which is at most 8,192 characters, with at most 320 values in its payload.
 *
 * @param text the token, a JWS in its compact serialisation
 * @returns the parts, not yet verified
 * @throws TokenError `token_malformed`
 */
export function parseToken(text: string): ParsedToken {
  const parts = splitToken(text);
  if (!parts) throw malformed(undefined, "it is not three parts in base64url, or too long");
  return withSignature(parseContent(parts), parts.signature);
}

/**
 * Parses what is signed of an access token, on which alone the result depends.
 *
 * @param parts of the token
 * @throws TokenError `token_malformed`
 */
export function parseContent(parts: CompactParts | DecodedToken): TokenContent {
  const header = parseHeader(parts);
  const text = "text" in parts ? parts.text : decodeText("payload", parts.payload);
  const claims = parseObject("payload", text);
  const registered = parseRegisteredClaims(claims);
  assertNoMisplacedPermit(claims);
  const permits = parsePermits(claims["sw"]);
  if (permits?.limits) assertCountable(registered);
  const signed = utf8(`${parts.header}.${parts.payload}`);
  const content = Object.assign(registered, { header, claims, signed });
  return permits ? Object.assign(content, { permits }) : content;
}

/**
 * Adds the signature.
 *
 * @param content of the token
 * @param signature in base64url
 * @returns a copy
 * @throws TokenError `token_malformed`
 */
export function withSignature(content: TokenContent, signature: string): ParsedToken {
  return { ...content, signature: decode("signature", signature) };
}

function parseHeader(parts: CompactParts): TokenHeader {
  // Most tokens have this header, and it needs no parser.
  if (parts.header === USUAL_HEADER) return { algorithm: "HS256" };
  return parseTokenHeader(parseObject("header", decodeText("header", parts.header)));
}

function parseObject(part: "header" | "payload", text: string): JsonObject {
  const value = parseJson(part, text);
  if (!isJsonObject(value)) throw malformed(part, "is not an object");
  return value;
}

function parseJson(part: string, text: string): JsonValue {
  if (countCommas(text) >= MAX_TOKEN_VALUES) throw malformed(part, "has too many values");
  try {
    return parseStrictJson(text, { maxValues: MAX_TOKEN_VALUES });
  } catch (error) {
    if (error instanceof JsonError) throw refused(part, error);
    throw error;
  }
}

function refused(part: string, { message }: JsonError): TokenError {
  return malformed(part, `is refused: ${message}`);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeText(part: "header" | "payload", text: string): string {
  const bytes = decode(part, text);
  try {
    return decoder.decode(bytes);
  } catch {
    throw refused(part, new JsonError("not_utf8"));
  }
}

function decode(part: keyof CompactParts, text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64Url(text);
  if (!bytes) throw malformed(part, "is not base64url without padding");
  return bytes;
}
