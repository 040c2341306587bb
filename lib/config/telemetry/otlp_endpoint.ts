/**
 * Finds what is wrong with the URL of a collector.
 *
 * @param text the URL
 * @returns the mistake, as the end of a sentence that begins with the place; it does not contain the URL, which may
 *   hold a key
 */
export function otlpEndpointMistake(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text.trim())) {
    return "must be an http or https URL, such as http://localhost:4318";
  }
  if (url.username !== "" || url.password !== "") {
    return "must not contain user info: use headers";
  }
  if (url.hash !== "") return "must not contain a fragment";
  return undefined;
}

/**
 * The URL for the exports of one signal (OTLP, section "OTLP/HTTP Request").
 *
 * @param endpoint the URL of the collector
 * @param signal `traces` or `metrics`
 */
export function signalUrl(endpoint: string, signal: string): URL {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/${signal}`;
  return url;
}
