import { foldName } from "../model/header_name.ts";
import type { InjectedHeader } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { hopByHopNames, nominatedNames } from "./hop_by_hop.ts";
import { requestName } from "./request_header_classes.ts";

const MAX_HEADERS = 128;

const NO_NAMES: ReadonlySet<string> = new Set();
const NONE: readonly string[] = [];

/** The restrictions on the caller's headers. */
export interface OutboundHeaderOptions {
  /** The names that the signature covers, in lower case. */
  signed: readonly string[];
  /** Names that are never forwarded, in the form of {@link foldName}. Default: none. */
  withheld?: readonly string[];
  /** The text of the token. Headers that contain it are never forwarded. Default: there is none. */
  token?: string | undefined;
  /** Whether the rule passes on a header that is usually kept here, by its name with hyphens. Default: none is. */
  isPassed?: (name: string) => boolean;
  /** The beginning of names of headers that are forwarded only when they are passed on. Default: none. */
  kept?: string | undefined;
  /** Whether a header is forwarded at all, by its name in lower case. Default: each is. */
  isForwarded?: ((name: string) => boolean) | undefined;
}

/**
 * The headers of the outbound request: the caller's end-to-end headers, then the injected ones.
 *
 * @param inbound the caller's headers
 * @param injected the headers to add; they replace the caller's headers with the same or a similar name
 * @param options the signed names, and the headers that are not forwarded
 * @throws GatewayError `headers_too_large`; `request_malformed` when `Connection` lists a signed header,
 *   which would not reach the upstream then
 */
export function outboundRequestHeaders(
  inbound: Headers,
  injected: readonly InjectedHeader[],
  options: OutboundHeaderOptions,
): Headers {
  const nominated = nominatedNames(inbound);
  if (nominated.some((name) => options.signed.includes(name))) {
    throw new GatewayError("request_malformed", "Connection lists a signed header");
  }
  // The runtime copies all at once for less than it sets one, and `forEach` makes nothing for each header.
  const outbound = new Headers(inbound);
  const mayPass = callerHeaders(hopByHopNames(nominated), foldedNames(injected), options);
  let count = 0;
  inbound.forEach((value, name) => {
    if (++count > MAX_HEADERS) throw new GatewayError("headers_too_large");
    if (!mayPass(name, value)) outbound.delete(name);
  });
  // Otherwise the runtime would add its own name and version.
  if (!outbound.has("user-agent")) outbound.set("user-agent", "signway");
  for (const [name, value] of injected) outbound.set(name, value);
  return outbound;
}

/**
 * Decides which of the caller's headers are forwarded.
 *
 * @param ending the names of hop-by-hop headers
 * @param replaced the names of injected headers, in the form of {@link foldName}
 * @param options the signed names, and the headers that are not forwarded
 * @returns a function that takes a name in lower case and a value
 */
function callerHeaders(
  ending: ReadonlySet<string>,
  replaced: ReadonlySet<string>,
  { signed, withheld = NONE, token, isForwarded, isPassed, kept }: OutboundHeaderOptions,
): (name: string, value: string) => boolean {
  const foldedSigned = signed.length > 0 ? new Set(signed.map(foldName)) : NO_NAMES;
  return (name, value) => {
    const { folded, hyphenated, treatment } = requestName(name);
    if (isForwarded && !isForwarded(name)) return false;
    if (ending.has(name) || ending.has(hyphenated) || replaced.has(folded)) return false;
    const needsPass =
      treatment === "when_passed" || (kept !== undefined && hyphenated.startsWith(kept));
    if (needsPass && !isPassed?.(hyphenated)) return false;
    if (treatment === "never" || withheld.includes(folded)) return false;
    if (token !== undefined && value.includes(token)) return false;
    // A signed header is forwarded, but no header with a similar name that a server could read instead.
    const needsSignature = treatment === "when_signed" || foldedSigned.has(folded);
    return !needsSignature || signed.includes(name);
  };
}

// The headers of a rule are the same for every request.
const foldedByHeaders = new WeakMap<readonly InjectedHeader[], ReadonlySet<string>>();

function foldedNames(headers: readonly InjectedHeader[]): ReadonlySet<string> {
  let names = foldedByHeaders.get(headers);
  if (!names)
    foldedByHeaders.set(headers, (names = new Set(headers.map(([name]) => foldName(name)))));
  return names;
}
