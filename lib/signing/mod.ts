/**
 * Signs URLs (SW1-HMAC-SHA256) and requests (with a header). It uses Web globals only: the same files
 * run in Bun, Deno, Node, edge workers and browsers. The separate entries `verify.ts` and `explain.ts`
 * keep programs that only sign small.
 */
export type { Bytes, HashName, Hmac } from "./primitives/hmac.ts";
export type { FieldSource } from "./sasigning/request_fields.ts";
export { type HeaderScheme, signRequest } from "./sasigning/sign_request.ts";
export { type SignOptions, signUrl } from "./sw1/sign_url.ts";
export { signToken, type TokenOptions } from "./token/sign_token.ts";
