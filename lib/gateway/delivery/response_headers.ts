import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { hopByHopNames, nominatedNames } from "./hop_by_hop.ts";
import { isBrowserChallenge, responseTreatment } from "./response_header_classes.ts";

const MAX_CHARACTERS = 32_768;

/** What a rule lets an upstream's headers do. */
export type KeptHeaders = Pick<UpstreamRule, "keepCaching" | "keepCookies">;

/**
 * Takes from an upstream's headers what would act on the gateway's origin, on a cache or on what stands
 * in front. {@link RESPONSE_HEADER_CLASSES} has the names and the reasons. CORS and `X-Sw-…` headers are
 * the gateway's own.
 *
 * @param headers a copy of the upstream's; edited in place
 * @param kept what stays nevertheless: `Set-Cookie`, each on a line of its own; `Cache-Control` and the like
 * @throws GatewayError `upstream_broken` when they are larger than any client would take
 */
export function stripResponseHeaders(headers: Headers, kept: KeptHeaders = {}): void {
  const ending = hopByHopNames(nominatedNames(headers));
  let size = 0;
  let dropped: string[] | undefined;
  for (const [name, value] of headers) {
    size += name.length + value.length;
    if (size > MAX_CHARACTERS) throw new GatewayError("upstream_broken", "headers too large");
    if (ending.has(name) || !mayPass(name, value, kept)) (dropped ??= []).push(name);
  }
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
 * Makes any response inert: nothing of it may run, be sniffed, leak its URL or be kept, unless a
 * rule lets the upstream decide for how long.
 *
 * @param headers the outbound response's; edited in place
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
