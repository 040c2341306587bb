import { GatewayError } from "./problem/gateway_error.ts";

const MAX_URL = 15_360;

// RFC 9110, section 7.2: Host is uri-host [":" port], and there is one of it.
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+;=%-]+)(:\d{0,5})?$/i;

/** The parts of a request's URL that a signature covers, as the client wrote them. */
export interface RequestTarget {
  /** Percent-encoded, `/` when there is none. */
  path: string;
  /** Without `?`. */
  query: string;
  /** Both as they stand, an empty query included. */
  raw: string;
}

/**
 * Takes a request's URL apart without decoding anything.
 *
 * @param request as the server hands it over
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function requestTarget({ url, headers }: Request): RequestTarget {
  if (url.length > MAX_URL) throw new GatewayError("url_too_long");
  assertHost(headers.get("host"));
  const authority = url.indexOf("://");
  const slash = url.indexOf("/", authority + 3);
  if (authority < 0 || slash < 0 || url.includes("#")) throw new GatewayError("request_malformed");
  const mark = url.indexOf("?", slash);
  const raw = url.slice(slash);
  if (mark < 0) return { path: raw, query: "", raw };
  return { path: url.slice(slash, mark), query: url.slice(mark + 1), raw };
}

// Nearly all requests name the same one.
let lastGood: string | undefined;

function assertHost(host: string | null): void {
  if (host === null || host === lastGood) return;
  const port = HOST.exec(host)?.[2];
  const isPossible = Number(port?.slice(1) ?? 0) <= 65_535 && URL.canParse(`http://${host}/`);
  if (!HOST.test(host) || !isPossible) {
    throw new GatewayError("request_malformed", "Host header");
  }
  lastGood = host;
}
