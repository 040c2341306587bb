/**
 * Parses an absolute http(s) URL as the WHATWG URL parser does.
 *
 * @throws TypeError when it is none
 */
export function parseHttpUrl(text: string): URL {
  // URL.parse would be shorter; Node 20 lacks it.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    // The text is not quoted: its query may hold a key.
    throw new TypeError("not an absolute http(s) URL");
  }
  return url;
}

/**
 * Writes the URL of a WebSocket as that of its handshake, which is an HTTP request (RFC 6455, section 4.1).
 *
 * @param text an absolute URL
 * @returns the URL with `http` or `https` in place of `ws` or `wss`; any other text unchanged
 */
export function httpSpelling(text: string): string {
  return text.replace(/^ws(?=s?:)/i, "http");
}
