import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { hopByHopNames, nominatedNames } from "./hop_by_hop.ts";
import { isBrowserChallenge, responseTreatment } from "./response_header_classes.ts";

const MAX_CHARACTERS = 32_768;

const NONE: ReadonlySet<string> = new Set();

/** The response headers that a rule keeps. */
export type KeptHeaders = Pick<UpstreamRule, "keepCaching" | "keepCookies">;

/**
 * Removes the upstream's headers that would affect the gateway's origin, a cache or a server in front.
 * {@link RESPONSE_HEADER_CLASSES} has the names and the reasons. CORS and `X-Sw-…` headers are only set by
 * the gateway.
 *
 * @param headers a copy of the upstream's headers; edited in place
 * @param kept whether `Set-Cookie` and the headers for caches are kept. Default: neither
 * @param others names in lower case that are removed as well. Default: none
 * @throws GatewayError `upstream_broken` when they are larger than clients accept
 */
export function stripResponseHeaders(
  headers: Headers,
  kept: KeptHeaders = {},
  others: ReadonlySet<string> = NONE,
): void {
  const ending = hopByHopNames(nominatedNames(headers));
  let size = 0;
  let dropped: string[] | undefined;
  // An iterator would make an array and two more objects for each header.
  headers.forEach((value, name) => {
    size += name.length + value.length;
    const mustEnd = ending.has(name) || others.has(name);
    if (mustEnd || !mayPass(name, value, kept)) (dropped ??= []).push(name);
  });
  if (size > MAX_CHARACTERS) throw new GatewayError("upstream_broken", "headers too large");
  if (dropped) for (const name of dropped) headers.delete(name);
}

function mayPass(name: string, value: string, kept: KeptHeaders): boolean {
  switch (responseTreatment(name)) {
    case "pass":
      return true;
    case "caching":
      return kept.keepCaching === true;
    case "cookie":
      return kept.keepCookies === true;
    case "challenge":
      return !isBrowserChallenge(value);
    case "drop":
      return false;
  }
}

/**
 * Makes a response inert: browsers do not run it, guess its type, reveal its URL or store it. If a rule
 * keeps the headers for caches, the upstream decides whether it is stored.
 *
 * @param headers the headers of the outbound response; edited in place
 */
export function hardenResponseHeaders(headers: Headers): void {
  headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  // A signed URL is for pages of other origins. CORS decides which of them may read the response.
  headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("X-Content-Type-Options", "nosniff");
  if (!headers.has("cache-control") && !headers.has("expires")) {
    headers.set("Cache-Control", "no-store");
  }
}
