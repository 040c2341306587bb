import type { InjectedHeader } from "../model/rule.ts";
import { hopByHopNames, nominatedNames } from "./hop_by_hop.ts";
import { GatewayError } from "../problem/gateway_error.ts";

const MAX_HEADERS = 128;

// Set anew for the outbound request, or meant for this gateway alone.
const NEVER_FORWARDED: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

// They tell of the browser, its user and the way here; an upstream gets them when the signer says so.
// The last ones would, where an upstream honours them, undo the path and the method that were checked.
const ONLY_WHEN_SIGNED =
  /^(cookie2?|forwarded|origin|referer|sec-fetch-.*|true-client-ip|via|x-client-ip|x-cluster-client-ip|fastly-client-ip|cf-connecting-ip(v6)?|cf-ipcountry|cf-visitor|cloudfront-.*|x-forwarded-.*|x-real-ip|x-original-url|x-rewrite-url|x-http-method(-override)?|x-method-override)$/;

/**
 * The headers of the outbound request: end-to-end ones of the caller, then the injected ones.
 *
 * @param inbound the caller's headers
 * @param injected what the rule adds; it replaces the caller's, look-alikes with `_` included
 * @param signed the names that the signature covers, in lower case
 * @throws GatewayError `headers_too_large`; `request_malformed` when `Connection` nominates
 *   a signed header, which would take it away from the upstream
 */
export function outboundRequestHeaders(
  inbound: Headers,
  injected: readonly InjectedHeader[],
  signed: readonly string[],
): Headers {
  const nominated = nominatedNames(inbound);
  if (nominated.some((name) => signed.includes(name))) {
    throw new GatewayError("request_malformed", "Connection nominates a signed header");
  }
  const ending = hopByHopNames(nominated);
  const replaced = foldedNames(injected);
  const outbound = new Headers();
  let count = 0;
  for (const [name, value] of inbound) {
    if (++count > MAX_HEADERS) throw new GatewayError("headers_too_large");
    const folded = foldName(name);
    if (ending.has(name) || ending.has(folded) || NEVER_FORWARDED.has(folded)) continue;
    if (replaced.has(folded)) continue;
    if (!signed.includes(name) && isLookAlike(folded, signed)) continue;
    outbound.set(name, value);
  }
  // Without one, the runtime would add its own name and version.
  if (!outbound.has("user-agent")) outbound.set("user-agent", "signway");
  for (const [name, value] of injected) outbound.set(name, value);
  return outbound;
}

function isLookAlike(folded: string, signed: readonly string[]): boolean {
  return ONLY_WHEN_SIGNED.test(folded) || signed.some((other) => foldName(other) === folded);
}

// A rule's headers are the same at every request.
const foldedByHeaders = new WeakMap<readonly InjectedHeader[], ReadonlySet<string>>();

function foldedNames(headers: readonly InjectedHeader[]): ReadonlySet<string> {
  let names = foldedByHeaders.get(headers);
  if (!names)
    foldedByHeaders.set(headers, (names = new Set(headers.map(([name]) => foldName(name)))));
  return names;
}

// For CGI and what followed it, X-Api-Key and X_Api_Key are the same name.
function foldName(name: string): string {
  const lower = name.toLowerCase();
  return lower.includes("_") ? lower.replaceAll("_", "-") : lower;
}
