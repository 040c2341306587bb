import { ApiError } from "./endpoint.ts";

/** The largest body of a request, in bytes. */
const MOST_BODY = 65_536;

/** The size, in bytes, above which the runtime ends a connection without a document. */
export const MOST_RECEIVED = 1_048_576;

/**
 * Reads the body of a request.
 *
 * @param request with its body unread
 * @throws ApiError `body_too_large`, `request_malformed`
 */
export async function readBody(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BODY) {
    throw new ApiError("body_too_large");
  }
  const bytes = await request.bytes().catch(() => new Uint8Array());
  if (bytes.length > MOST_BODY) throw new ApiError("body_too_large");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError("request_malformed", "body: is no UTF-8");
  }
}
