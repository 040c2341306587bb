import type { UpstreamRule } from "../../gateway/model/rule.ts";

/** An API that takes a key in a header as well as in the query. */
interface KnownHeader {
  /** The host, or all hosts below a name with `.` before it. */
  host: string;
  parameter: string;
  header: string;
}

const KNOWN: readonly KnownHeader[] = [
  { host: ".openai.azure.com", parameter: "api-key", header: "api-key" },
  { host: "api.nasa.gov", parameter: "api_key", header: "X-Api-Key" },
  { host: "api.weatherapi.com", parameter: "key", header: "key" },
  { host: "generativelanguage.googleapis.com", parameter: "key", header: "X-Goog-Api-Key" },
  { host: "newsapi.org", parameter: "apikey", header: "X-Api-Key" },
  { host: "places.googleapis.com", parameter: "key", header: "X-Goog-Api-Key" },
  { host: "routes.googleapis.com", parameter: "key", header: "X-Goog-Api-Key" },
];

/**
 * Finds parameters for which the API has a header too. A header is better, because some APIs repeat the URL of a
 * request in their responses.
 *
 * @param rule with a URL
 * @returns the names of parameters and headers
 */
export function findKnownHeaders({ url, query = [] }: UpstreamRule): KnownHeader[] {
  const host = url?.hostname ?? "";
  return KNOWN.filter(
    (known) =>
      (known.host.startsWith(".") ? host.endsWith(known.host) : host === known.host) &&
      query.some(([name]) => name.toLowerCase() === known.parameter),
  );
}
