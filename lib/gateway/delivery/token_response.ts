import type { InboundRequest } from "../inbound.ts";
import type { Admission } from "../model/grant.ts";
import { injectsCredential } from "../model/injects_credential.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { watchForStall } from "../time/stall_watch.ts";
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
const NONE: ReadonlySet<string> = new Set();
const OF_ANY = new Set(LINKS);
const OF_CREDENTIAL = new Set([...LINKS, ...CHALLENGES]);

/**
 * The names of the headers that a response to a request with a token must not have, in lower case.
 *
 * @param admission of the request. Absent: it was refused
 */
export function namesKeptFromTokens(admission: Admission | undefined): ReadonlySet<string> {
  if (admission?.grant.token === undefined) return NONE;
  return injectsCredential(admission.target.rule) ? OF_CREDENTIAL : OF_ANY;
}

/**
 * Checks a response to a request with a token.
 *
 * @param response the upstream's
 * @param admission of the request
 * @returns `credential_refused` or `redirect_refused`; `undefined` when the client may get the response
 */
export function refusalOf(
  { status, headers }: Response,
  admission: Admission,
): GatewayError | undefined {
  const { rule, url } = admission.target;
  // The body and the challenge may contain the key, and make a client start OAuth discovery.
  if (status === 401 && injectsCredential(rule)) return new GatewayError("credential_refused");
  const leaves = isRedirect(status) && leadsElsewhere(headers.get("location"), url);
  return leaves && !mayLeave(admission) ? new GatewayError("redirect_refused") : undefined;
}

/** How long an error is waited for that the client does not get, in milliseconds. */
const ERROR_MS = 1000;

/**
 * Refuses a response. If it is an error that decides what is charged, it is read first: it nearly always arrives together
 * with its head.
 *
 * @param refusal the error to throw
 * @param transfer cancelled
 * @throws GatewayError the refusal
 */
export async function refuseResponse(
  refusal: GatewayError,
  { settlement, cancel, options: { timers } }: Transfer,
): Promise<never> {
  if (settlement?.needsError) {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = timers.start(resolve, ERROR_MS);
    await Promise.race([settlement.drain(watchForStall(timers, 0, () => {})), late]);
    timers.stop(timer);
  }
  cancel.abort();
  throw refusal;
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
 * Edits the headers of a response to a request with a token. Requests with different tokens have the same URL, so a
 * shared cache must not keep the response. A redirect must not lead the client past the gateway. The caller has
 * already removed the headers that {@link namesKeptFromTokens} names.
 *
 * @param headers of the response; edited in place
 * @param context the request and its admission
 */
export function editTokenHeaders(headers: Headers, context: TokenResponseContext): void {
  const { url } = context.admission.target;
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
