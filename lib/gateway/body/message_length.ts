/** Bodies up to this size are read whole: a cut is noticed before anything was passed on. */
export const SMALL_BODY = 65_536;

/** The `Content-Length` of a message, in bytes; `undefined` when it has none that is well formed. */
export function contentLength(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
