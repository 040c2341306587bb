import { hopByHopNames, nominatedNames } from "./hop_by_hop.ts";
import { GatewayError } from "../problem/gateway_error.ts";

const MAX_CHARACTERS = 32_768;

// They would act on the gateway's own origin, for every upstream that it serves.
const ACT_ON_ORIGIN: ReadonlySet<string> = new Set([
  "accept-ch",
  "alt-svc",
  "clear-site-data",
  "content-security-policy",
  "content-security-policy-report-only",
  "critical-ch",
  "expect-ct",
  "nel",
  "origin-agent-cluster",
  "public-key-pins",
  "refresh",
  "report-to",
  "reporting-endpoints",
  "service-worker-allowed",
  "set-cookie",
  "set-cookie2",
  "strict-transport-security",
]);

/**
 * Takes from an upstream's headers what the client may not see; CORS headers are the gateway's own.
 *
 * @param headers a copy of the upstream's; edited in place
 * @param keepCookies whether `Set-Cookie` stays, each on a line of its own
 * @throws GatewayError `upstream_broken` when they are larger than any client would take
 */
export function stripResponseHeaders(headers: Headers, keepCookies = false): void {
  const ending = hopByHopNames(nominatedNames(headers));
  let size = 0;
  let dropped: string[] | undefined;
  for (const [name, value] of headers) {
    size += name.length + value.length;
    if (size > MAX_CHARACTERS) throw new GatewayError("upstream_broken", "headers too large");
    const ends = ending.has(name) || name.startsWith("access-control-");
    const acts = ACT_ON_ORIGIN.has(name) && !(keepCookies && name === "set-cookie");
    if (ends || acts) (dropped ??= []).push(name);
  }
  if (dropped) for (const name of dropped) headers.delete(name);
}

/**
 * Makes any response inert: nothing of it may run, be sniffed, leak its URL or be kept unless the
 * upstream said how long.
 *
 * @param headers the outbound response's; edited in place
 */
export function hardenResponseHeaders(headers: Headers): void {
  headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("X-Content-Type-Options", "nosniff");
  if (!headers.has("cache-control") && !headers.has("expires")) {
    headers.set("Cache-Control", "no-store");
  }
}
