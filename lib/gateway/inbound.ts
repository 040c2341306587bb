import { isPresigned } from "../signing/verify.ts";
import { RequestBody } from "./body/request_body.ts";
import type { UploadLimits } from "./body/upload_limits.ts";
import { isWebSocketHandshake } from "./model/handshake.ts";
import { GatewayError } from "./problem/gateway_error.ts";
import type { SocketEnd } from "./socket_end.ts";

/** The facts that the server knows about a client, in addition to the request. */
export interface ClientInfo {
  /** The client's address. Behind reverse proxies that are trusted, the one that they report. */
  readonly remoteAddress?: string | undefined;
  /**
   * The addresses that the client itself reports in `X-Forwarded-For`, separated by commas; empty: none.
   * Default: the value of this header.
   */
  readonly forwardedFor?: string | undefined;
  /**
   * Turns off the server's idle timeout for an exchange that has lasted about 50 ms and may take long.
   * Returns a function that turns it on again.
   */
  suspendIdleTimeout?: (request: Request) => () => void;
  /**
   * Answers the handshake of a WebSocket with 101, and these headers. Returns the end of the client, or `undefined` when it
   * has left. Absent: the server has no WebSockets, and a handshake is a plain GET request.
   */
  acceptSocket?: (request: Request, headers: Headers) => SocketEnd | undefined;
}

/** The parts of a request's URL that a signature covers, as the client wrote them. */
export interface RequestTarget {
  /** Percent-encoded, `/` when there is none. */
  path: string;
  /** Without `?`. */
  query: string;
  /** Path and query as received, with the `?` of an empty query. */
  raw: string;
}

/** An inbound request. Its target is parsed once, and only its `body` reads the body. */
export class InboundRequest {
  readonly request: Request;
  readonly client: ClientInfo;
  readonly body: RequestBody;
  #target: RequestTarget | GatewayError | undefined;

  /**
   * @param request the inbound request, with its body unread
   * @param client what the server knows about the client
   * @param limits how the client may send the body
   */
  constructor(request: Request, client: ClientInfo, limits: UploadLimits) {
    this.request = request;
    this.client = client;
    this.body = new RequestBody(request, limits);
  }

  /** Whether it is the handshake of a WebSocket, and the server can answer it. */
  get isHandshake(): boolean {
    return this.client.acceptSocket !== undefined && isWebSocketHandshake(this.request);
  }

  /** @throws GatewayError `request_malformed`, `url_too_long`; the same error at each access */
  get target(): RequestTarget {
    const target = (this.#target ??= targetOrError(this.request));
    if (target instanceof GatewayError) throw target;
    return target;
  }
}

/** The longest URL of a request that the gateway accepts, in characters. */
export const MAX_URL_LENGTH = 15_360;

// 253 characters of a name (RFC 1035, section 2.3.4), and `:65535`.
const MAX_HOST_LENGTH = 259;

// RFC 9110, section 7.2: Host is uri-host [":" port], exactly once. Without `%`, because browsers
// write it in ASCII. The runtime's URL parser accepts an address that ends in one colon.
const HOST = /^(\[[0-9a-f:.]*(?:[0-9a-f.]|::)\]|[a-z0-9._~!$&'()*+;=-]+)(:\d{0,5})?$/i;

function targetOrError(request: Request): RequestTarget | GatewayError {
  try {
    return parseTarget(request);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/**
 * Splits the URL of a request without decoding anything.
 *
 * @param request the request from the server
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function parseTarget(request: Request): RequestTarget {
  // First, because reading the URL makes the runtime parse the host: in quadratic time for combining marks.
  assertHost(request.headers.get("host"));
  const { url } = request;
  if (url.length > MAX_URL_LENGTH) throw new GatewayError("url_too_long");
  const authority = url.indexOf("://");
  const slash = url.indexOf("/", authority + 3);
  if (authority < 0 || slash < 0 || url.includes("#")) throw new GatewayError("request_malformed");
  const target = splitTarget(url.slice(slash));
  if (url.includes(REPLACED)) assertUnchanged(target);
  return target;
}

function splitTarget(raw: string): RequestTarget {
  const mark = raw.indexOf("?");
  if (mark < 0) return { path: raw, query: "", raw };
  return { path: raw.slice(0, mark), query: raw.slice(mark + 1), raw };
}

// U+FFFD: the runtime puts it in place of bytes that are not UTF-8. A client that means the character itself
// can write it in lower case.
const REPLACED = "%EF%BF%BD";

// In the query of a signed URL the signature detects a change, and a signer may have meant the character.
function assertUnchanged({ path, query }: RequestTarget): void {
  if (path.includes(REPLACED) || !isPresigned(query)) {
    throw new GatewayError("request_malformed", "invalid UTF-8 in the request target");
  }
}

// Nearly all requests name the same host.
let lastGood: string | undefined;

function assertHost(host: string | null): void {
  if (host === null || host === lastGood) return;
  if (!isHost(host)) throw new GatewayError("request_malformed", "invalid Host header");
  lastGood = host;
}

function isHost(host: string): boolean {
  const parts = host.length <= MAX_HOST_LENGTH && HOST.exec(host);
  if (!parts) return false;
  return Number(parts[2]?.slice(1) ?? 0) <= 65_535 && URL.canParse(`http://${host}/`);
}
