/** The request id, if it is one that a log can hold. */
export function wellFormedId(text: string | null): string | undefined {
  return text !== null && /^[\w.:+=/-]{1,128}$/.test(text) ? text : undefined;
}

/**
 * Writes the id of a request into the headers of its response. `X-Sw-Request-Id` is always the
 * gateway's. `X-Request-Id` is the upstream's, which that API's support asks for; without one it is the
 * gateway's too.
 *
 * @param headers the outbound response's; edited in place
 * @param exchange the id, and whether the request went to an upstream
 */
export function nameRequest(
  headers: Headers,
  { requestId, isForwarded }: { requestId: string; isForwarded: boolean },
): void {
  headers.set("X-Sw-Request-Id", requestId);
  if (!isForwarded || !headers.has("x-request-id")) headers.set("X-Request-Id", requestId);
}
