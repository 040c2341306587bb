/** Bodies up to this many bytes are read whole, so that none of an incomplete body is passed on. */
export const SMALL_BODY = 65_536;

/** The `Content-Length` of a message, in bytes; `undefined` when it is missing or malformed. */
export function contentLength(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
