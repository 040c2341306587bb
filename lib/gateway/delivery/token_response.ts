import type { InboundRequest } from "../inbound.ts";
import type { Admission } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Transfer } from "./transfer.ts";

// The headers that may contain a token, and the one that its permits depend on.
const VARY = [
  "Authorization",
  "X-Api-Key",
  "X-Goog-Api-Key",
  "Api-Key",
  "Xi-Api-Key",
  "Sec-WebSocket-Protocol",
  "Origin",
].join(", ");

// They lead a client past the gateway, some of them with its token.
const LINKS = ["link", "content-location", "refresh"];
const CHALLENGES = ["www-authenticate", "optional-www-authenticate"];

/**
 * Checks a response to a request with a token.
 *
 * @param response the upstream's, its body unread
 * @param transfer cancelled when the response is refused
 * @throws GatewayError `credential_refused`, `redirect_refused`
 */
export function assertTokenResponse(
  { status, headers }: Response,
  { admission, cancel }: Pick<Transfer, "admission" | "cancel">,
): void {
  const { rule, url } = admission.target;
  // The body and the challenge may contain the key, and make a client start OAuth discovery.
  const isCredentialRefused = status === 401 && rule.headers.length > 0;
  const leaves = isRedirect(status) && leadsElsewhere(headers.get("location"), url);
  if (!isCredentialRefused && (!leaves || mayLeave(admission))) return;
  cancel.abort();
  throw new GatewayError(isCredentialRefused ? "credential_refused" : "redirect_refused");
}

function mayLeave({ grant, target: { rule } }: Admission): boolean {
  return rule.redirects === "pass" && grant.isBearer === true;
}

// Some clients follow every 3xx status with a Location header.
function isRedirect(status: number): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

function leadsElsewhere(location: string | null, url: URL): boolean {
  if (location === null) return false;
  const to = URL.parse(location, url);
  // The origin of a blob: URL is that of the URL in it.
  return to?.protocol !== url.protocol || to.host !== url.host;
}

/** The request whose response headers are edited. */
export interface TokenResponseContext {
  inbound: InboundRequest;
  admission: Admission;
  /** The path prefix that a reverse proxy in front strips. */
  publicPath: string;
}

/**
 * Edits the headers of a response to a request with a token. All tokens share one URL for one target, so no
 * shared cache may keep the response, and no link may lead a client past the gateway.
 *
 * @param headers of the response; edited in place
 * @param context the request and its admission
 */
export function editTokenHeaders(headers: Headers, context: TokenResponseContext): void {
  const { rule, url } = context.admission.target;
  for (const name of LINKS) headers.delete(name);
  if (rule.headers.length > 0) for (const name of CHALLENGES) headers.delete(name);
  const location = headers.get("location");
  if (location !== null) {
    if (!leadsElsewhere(location, url)) headers.set("location", gatewayForm(location, context));
    else if (!mayLeave(context.admission)) headers.delete("location");
  }
  const caching = headers.get("cache-control");
  if (caching === null && !headers.has("expires")) return;
  headers.set("Cache-Control", privateCaching(caching ?? ""));
  headers.append("Vary", VARY);
}

/** Turns a location within the target's origin into one of the gateway. */
function gatewayForm(
  location: string,
  { inbound, admission: { target }, publicPath }: TokenResponseContext,
): string {
  const { host, pathname, search, hash } = new URL(location, target.url);
  const path = `${host}${pathname}${search}${hash}`;
  // A relative location keeps a token in the client's path, without a token in the response.
  const [, behindToken] = /^\/(?:~|%7e)[^/]*\/(.*)$/is.exec(inbound.target.path) ?? [];
  if (behindToken !== undefined)
    return `./${"../".repeat(behindToken.split("/").length - 1)}${path}`;
  return `${publicPath.replace(/\/+$/, "")}/${path}`;
}

function privateCaching(value: string): string {
  const kept = value
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive && !/^(public|private|s-maxage|proxy-)/i.test(directive));
  return ["private", ...kept].join(", ");
}
