/** An id or a name of another server, if its characters and length are safe for a log, and it is no JWT. */
export function wellFormedId(text: string | null): string | undefined {
  return text !== null && /^(?!eyJ)[\w.:+=/-]{1,128}$/.test(text) ? text : undefined;
}

/**
 * Writes the id of a request into the headers of its response. `X-Sw-Request-Id` is always the
 * gateway's id. `X-Request-Id` is the upstream's id, which the support of that API asks for. If the
 * upstream sent none, it is the gateway's id too.
 *
 * @param headers the headers of the outbound response; edited in place
 * @param exchange the id, and whether the request was sent to an upstream
 */
export function nameRequest(
  headers: Headers,
  { requestId, isForwarded }: { requestId: string; isForwarded: boolean },
): void {
  headers.set("X-Sw-Request-Id", requestId);
  if (!isForwarded || !headers.has("x-request-id")) headers.set("X-Request-Id", requestId);
}
