import { failureCode } from "../support/failure_code.ts";
import { ConfigError } from "../../config/config_error.ts";
import { DEFAULT_PORT } from "../../config/rows/listen_row.ts";
import { isLoopback } from "../../gateway/admission/public_address.ts";
import type { Environment } from "../../config/environment.ts";
import { PREFLIGHT } from "../support/preflight.ts";

/** The state of a gateway. */
export interface Health {
  isHealthy: boolean;
  /** The state in one line, without a newline. */
  text: string;
}

const TIMEOUT_MS = 3000;

/**
 * `signway health`: checks whether a running gateway responds, for a container's HEALTHCHECK.
 *
 * @param positionals the URL of a gateway or of `/readyz`. Default: the port `PORT`, else 3000, of this
 *   machine, first by http, then by https.
 * @param env the environment, of which `PORT` is read
 * @returns healthy if a response with a 2xx status came within 3 seconds
 * @throws ConfigError when there is more than one URL, or the URL or `PORT` is wrong
 */
export async function health(positionals: readonly string[], env: Environment): Promise<Health> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const failures: string[] = [];
  for (const url of candidateUrls(positionals, env)) {
    const location = `${url.origin}${url.pathname}`;
    try {
      const { ok, status } = await sendPreflight(url, signal);
      return { isHealthy: ok, text: `${location} responds with ${status}` };
    } catch (error) {
      failures.push(`${location} does not respond (${failureCode(error)})`);
    }
  }
  return { isHealthy: false, text: failures.join("; ") };
}

function candidateUrls(positionals: readonly string[], env: Environment): URL[] {
  const [text, ...rest] = positionals;
  if (rest.length > 0) throw new ConfigError(["health takes at most one URL"]);
  if (text === undefined) {
    const port = env["PORT"] || String(DEFAULT_PORT);
    const urls = ["http", "https"].map((scheme) => URL.parse(`${scheme}://127.0.0.1:${port}/`));
    if (!/^\d+$/.test(port) || urls.includes(null))
      throw new ConfigError(["PORT must be a number from 0 to 65535"]);
    return urls.filter((url) => url !== null);
  }
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new ConfigError(["health needs an absolute http or https URL"]);
  }
  return [url];
}

function sendPreflight(url: URL, signal: AbortSignal): Promise<Response> {
  return fetch(url, {
    ...PREFLIGHT,
    redirect: "manual",
    proxy: false,
    // On loopback the name in the certificate does not match. No secret is sent, and no content is used.
    tls: { rejectUnauthorized: !isLoopback(url.hostname) },
    signal,
  });
}
