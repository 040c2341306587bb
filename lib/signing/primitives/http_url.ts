/**
 * Parses an absolute http(s) URL as the WHATWG URL parser does.
 *
 * @throws TypeError when it is none
 */
export function parseHttpUrl(text: string): URL {
  // URL.parse would be shorter; Node 20 lacks it.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`not an absolute http(s) URL: ${JSON.stringify(text)}`);
  }
  return url;
}
