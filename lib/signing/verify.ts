/**
 * Verifies signed URLs (SW1-HMAC-SHA256) and the signatures of the header scheme, and exports the
 * building blocks of both. It is for gateways and tests, and uses Web globals only.
 */
export { decodeForm } from "./primitives/encoding.ts";
export { type Bytes, HASH_NAMES, type HashName, type Hmac, webHmac } from "./primitives/hmac.ts";
export { DEFAULT_CLOCK_SKEW, DEFAULT_MAX_EXPIRES } from "./primitives/defaults.ts";
export { isPresigned } from "./sw1/presigned_query.ts";
export { type PresignedUrl, parsePresignedUrl } from "./sw1/presigned_url.ts";
export { fieldsWithDelimiter, touchingFields } from "./sasigning/ambiguity.ts";
export {
  FIELD_NAMES,
  type FieldSource,
  fieldValue,
  isFieldName,
} from "./sasigning/request_fields.ts";
export { type Sha256, webSha256 } from "./primitives/sha256.ts";
export {
  type HeaderScheme,
  isSignature,
  findVerifyingSecret,
  verifyRequest,
} from "./sasigning/sign_request.ts";
export { SignatureError, type SignatureErrorCode } from "./sw1/signature_error.ts";
export { createSigningKeys, type SigningKeys } from "./sw1/signing_key.ts";
export { type VerifyHmac, webVerifyHmac } from "./primitives/verify_hmac.ts";
export {
  type SignedRequest,
  type VerifiedUrl,
  type VerifyOptions,
  verifyUrl,
} from "./sw1/verify_url.ts";
export { type AddressRange, parseAddressRange } from "./token/address_range.ts";
export { foldCase, isFolded } from "./primitives/fold_case.ts";
export { JsonError, type JsonErrorCode } from "./primitives/json_error.ts";
export {
  formatJson,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from "./primitives/json_value.ts";
export { formatPointer, type JsonPath, parsePointer } from "./primitives/json_pointer.ts";
export { type JsonLimits, parseStrictJson, readStrictJson } from "./primitives/strict_json.ts";
export { formatJsonBytes, formatJsonLike, type JsonDocument } from "./primitives/json_document.ts";
export {
  type Budget,
  MAX_AMOUNT,
  NANO_DOLLARS,
  parseCostBudget,
  parseTokenBudget,
  type Period,
} from "./token/budget.ts";
export { assertCountable, type RegisteredClaims } from "./token/claims.ts";
export { COUNTER_KEYS, type CounterLimits, type OnAbort } from "./token/counters.ts";
export type { GrantedTarget } from "./token/granted_target.ts";
export { MAX_TOKEN_LENGTH_IN_URL } from "./token/forms.ts";
export type { TokenHeader } from "./token/header.ts";
export {
  type CompactParts,
  decodePayload,
  type DecodedToken,
  splitToken,
} from "./token/compact_form.ts";
export {
  parseContent,
  type ParsedToken,
  parseToken,
  type TokenContent,
  withSignature,
} from "./token/parse_token.ts";
export { claimsOf, peekToken, type UnverifiedToken } from "./token/peek_token.ts";
export { parsePermits, type TokenPermits } from "./token/permits.ts";
export {
  JSON_TYPES,
  type JsonSchema,
  JsonSchemaError,
  pointerOf,
  subschemasOf,
} from "./token/json_schema.ts";
export { intervalOf, parseRate, PERIOD_SECONDS, type Rate, type RatePeriod } from "./token/rate.ts";
export type { BodyPolicy, OnExcess, PatchOperation, Policy } from "./token/policy.ts";
export {
  assertTokenAudience,
  assertTokenCurrent,
  type TokenAudience,
  type TokenLife,
} from "./token/token_checks.ts";
export { TokenError, type TokenErrorCode, type TokenErrorDetails } from "./token/token_error.ts";
export { createTokenKeys, type TokenKeys } from "./token/token_keys.ts";
export { isTokenSecret } from "./token/token_secret.ts";
export {
  type VerifiedToken,
  verifyParsedToken,
  verifyToken,
  type VerifyTokenOptions,
} from "./token/verify_token.ts";
