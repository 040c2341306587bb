// Entries of the lists in `Upgrade` and `Connection`. Case does not matter (RFC 9110, sections 7.6.1 and 7.8).
const WEBSOCKET = /(?:^|,)[ \t]*websocket[ \t]*(?:,|$)/i;
const UPGRADE = /(?:^|,)[ \t]*upgrade[ \t]*(?:,|$)/i;

/**
 * Whether a request asks for a WebSocket (RFC 6455, section 4.2.1). Without `Connection: Upgrade` the header `Upgrade`
 * says nothing (RFC 9110, section 7.8).
 *
 * @param request of the client
 */
export function isWebSocketHandshake({
  method,
  headers,
}: Pick<Request, "method" | "headers">): boolean {
  if (method !== "GET") return false;
  const upgrade = headers.get("upgrade");
  return (
    upgrade !== null && WEBSOCKET.test(upgrade) && UPGRADE.test(headers.get("connection") ?? "")
  );
}

/**
 * Whether a request names a WebSocket in its header `Upgrade`, in any form, so that a server might open one.
 *
 * @param headers of the client
 */
export function namesWebSocket(headers: Headers): boolean {
  return /\bwebsocket\b/i.test(headers.get("upgrade") ?? "");
}
