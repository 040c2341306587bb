/**
 * Signing and verifying of URLs, SW1-HMAC-SHA256. It needs nothing but Web globals: the same files
 * run in Bun, Deno, Node, edge workers and browsers.
 */
export { type PresignedUrl, parsePresignedUrl } from "./presigned_url.ts";
export { isPresigned } from "./presigned_query.ts";
export { SignatureError, type SignatureErrorCode } from "./signature_error.ts";
export { type SignOptions, signUrl } from "./sign_url.ts";
export { createSigningKeys, type SigningKeys } from "./signing_key.ts";
export {
  type SignedRequest,
  type VerifiedUrl,
  type VerifyOptions,
  verifyUrl,
} from "./verify_url.ts";
export { type Bytes, HASH_NAMES, type HashName, type Hmac, webHmac } from "./hmac.ts";
export { FIELD_NAMES, type FieldSource, fieldValue, isFieldName } from "./request_fields.ts";
export { type HeaderScheme, signRequest, verifyRequest } from "./sign_request.ts";
export { type Sha256, webSha256 } from "./sha256.ts";
export { type VerifyHmac, webVerifyHmac } from "./verify_hmac.ts";
export { decodeForm } from "./encoding.ts";
