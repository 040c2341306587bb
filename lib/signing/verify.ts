/**
 * Verifying: of signed URLs, SW1-HMAC-SHA256, and of the header scheme's signatures, with what they
 * are made of. It is for gateways and tests, and needs nothing but Web globals, as signing does.
 */
export { decodeForm } from "./encoding.ts";
export { type Bytes, HASH_NAMES, type HashName, type Hmac, webHmac } from "./hmac.ts";
export { isPresigned } from "./presigned_query.ts";
export { type PresignedUrl, parsePresignedUrl } from "./presigned_url.ts";
export { FIELD_NAMES, type FieldSource, fieldValue, isFieldName } from "./request_fields.ts";
export { type Sha256, webSha256 } from "./sha256.ts";
export { type HeaderScheme, verifyRequest } from "./sign_request.ts";
export { SignatureError, type SignatureErrorCode } from "./signature_error.ts";
export { createSigningKeys, type SigningKeys } from "./signing_key.ts";
export { type VerifyHmac, webVerifyHmac } from "./verify_hmac.ts";
export {
  type SignedRequest,
  type VerifiedUrl,
  type VerifyOptions,
  verifyUrl,
} from "./verify_url.ts";
