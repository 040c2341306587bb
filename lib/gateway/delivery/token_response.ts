import type { Admission } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Transfer } from "./transfer.ts";

const REDIRECTS = [301, 302, 303, 307, 308];

// Every header that may hold a token, and the one on which its permits depend.
const VARY = [
  "Authorization",
  "X-Api-Key",
  "X-Goog-Api-Key",
  "Api-Key",
  "Xi-Api-Key",
  "Origin",
].join(", ");

/**
 * Checks a response to a request with a token.
 *
 * @param response the upstream's, its body unread
 * @param transfer cancelled when the response is refused
 * @throws GatewayError `credential_refused`, `redirect_refused`
 */
export function assertTokenResponse(
  response: Response,
  { inbound, admission, cancel }: Pick<Transfer, "inbound" | "admission" | "cancel">,
): void {
  const { target, grant } = admission;
  // Its body and challenge may quote the key, and start a client's OAuth discovery.
  const isCredentialRefused = response.status === 401 && target.rule.headers.length > 0;
  const mayLeave =
    target.rule.redirects === "pass" &&
    inbound.request.headers.get("authorization")?.includes(grant.token!);
  if (!isCredentialRefused && (mayLeave || !leavesOrigin(response, target.url))) return;
  cancel.abort();
  throw new GatewayError(isCredentialRefused ? "credential_refused" : "redirect_refused");
}

function leavesOrigin({ status, headers }: Response, url: URL): boolean {
  const location = REDIRECTS.includes(status) ? headers.get("location") : null;
  return location !== null && URL.parse(location, url)?.origin !== url.origin;
}

/**
 * Edits the headers of a response to a request with a token. All tokens share one URL for one target, so no
 * shared cache may keep the response, and no link may lead a client past the gateway.
 *
 * @param status of the response
 * @param headers of the response; edited in place
 * @param admission of the request
 * @param publicPath the path prefix that a reverse proxy in front strips
 */
export function editTokenHeaders(
  status: number,
  headers: Headers,
  { admission, publicPath }: { admission: Admission; publicPath: string },
): void {
  for (const name of ["link", "content-location", "refresh"]) headers.delete(name);
  const location = REDIRECTS.includes(status) ? headers.get("location") : null;
  if (location !== null) headers.set("location", gatewayForm(location, admission, publicPath));
  const caching = headers.get("cache-control");
  if (caching === null && !headers.has("expires")) return;
  headers.set("Cache-Control", privateCaching(caching ?? ""));
  headers.append("Vary", VARY);
}

/** A location within the target's origin as a path of the gateway; any other unchanged. */
function gatewayForm(location: string, { target: { url } }: Admission, publicPath: string): string {
  const to = URL.parse(location, url);
  if (to?.origin !== url.origin) return location;
  const prefix = publicPath.replace(/\/+$/, "");
  return `${prefix}/${to.host}${to.pathname}${to.search}${to.hash}`;
}

function privateCaching(value: string): string {
  const kept = value
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive && !/^(public|private|s-maxage|proxy-)/i.test(directive));
  return ["private", ...kept].join(", ");
}
