/**
 * Signing: of URLs, SW1-HMAC-SHA256, and of requests by a header. It needs nothing but Web globals: the
 * same files run in Bun, Deno, Node, edge workers and browsers. Verifying and explaining are entries of
 * their own, `verify.ts` and `explain.ts`, so that what only signs stays small.
 */
export type { Bytes, HashName, Hmac } from "./primitives/hmac.ts";
export type { FieldSource } from "./sasigning/request_fields.ts";
export { type HeaderScheme, signRequest } from "./sasigning/sign_request.ts";
export { type SignOptions, signUrl } from "./sw1/sign_url.ts";
