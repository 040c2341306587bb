/** What the server knows of a request beyond the request itself. */
export interface Connection {
  /** The address that the client connects from. */
  remoteAddress?: string;
  /**
   * Called when an exchange has lasted for some 50 ms, for whatever the server has to do that it may go on
   * for long. Returns what is to be done when it has ended.
   */
  onLasting?: (request: Request) => () => void;
}

/**
 * The headers by which a reverse proxy tells an upstream of the client.
 *
 * @param request the inbound request
 * @param connection the client's
 */
export function forwardedHeaders(
  { url, headers }: Request,
  { remoteAddress }: Connection,
): [name: string, value: string][] {
  const { protocol, host } = new URL(url);
  const hops = [headers.get("x-forwarded-for"), remoteAddress].filter(Boolean);
  return [
    ...(hops.length > 0 ? [["X-Forwarded-For", hops.join(", ")] as [string, string]] : []),
    ["X-Forwarded-Proto", protocol.slice(0, -1)],
    ["X-Forwarded-Host", headers.get("host") ?? host],
  ];
}
