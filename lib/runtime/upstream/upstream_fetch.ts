import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import type { FetchUpstream } from "../../gateway/fetch_upstream.ts";
import { DEFAULTS } from "../../gateway/defaults.ts";
import { GatewayError } from "../../gateway/problem/gateway_error.ts";
import type { TimerWheel } from "../../gateway/time/timer_wheel.ts";
import { canConnect } from "./can_connect.ts";
import { createAlpnMemory } from "./alpn.ts";
import { mayBeConnected } from "./is_connected.ts";
import { createMovedNames } from "./moved_names.ts";
import { createResolver, type Resolver } from "./resolve.ts";

/** Settings of {@link createUpstreamFetch}. */
export interface UpstreamFetchOptions {
  timers: TimerWheel;
  /** Seconds to wait for a connection; 0 sets no limit. Default: {@link DEFAULTS}. */
  connectTimeout?: number;
  /** Whether every GET, HEAD and OPTIONS request gets a new connection. Default: no. */
  atMostOnce?: boolean;
  /** Certificates to trust in addition to the runtime's own, in PEM. Default: none. */
  upstreamCa?: string;
  /** Looks up a name again after a failed connection to it. Default: the system's resolver. */
  resolver?: Resolver;
}

// Error codes of the runtime for failures before any byte of a request was sent. On a connection that is made, every
// failure is another one: ECONNRESET, or EPROTO, which a failed handshake of TLS has as well.
const NO_CONNECTION =
  /^(E?CONNREFUSED|ConnectionRefused|FailedToOpenSocket|ENOTFOUND|EAI_.*|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|.*CERT.*|ERR_TLS.*|UNABLE_TO_.*|DEPTH_ZERO.*|SELF_SIGNED.*|HOSTNAME_MISMATCH)$/;

// The runtime sends these methods a second time when a pooled connection turns out to be closed. Methods
// that change something always get a new connection, so that they are sent at most once. The others get one
// only with `atMostOnce`, because a new connection takes time.
const REPEATED: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const REPEATED_CHANGES: ReadonlySet<string> = new Set(["DELETE", "PUT"]);

// Features of the runtime that are on by default and that a gateway must not use.
const SWITCHED_OFF = {
  redirect: "manual",
  decompress: false,
  proxy: false,
  timeout: false,
  // BUN_CONFIG_VERBOSE_FETCH in the environment would print the injected headers.
  verbose: false,
} as const;

/**
 * Creates a function that sends a request to an upstream with the runtime's `fetch`. It throws only
 * GatewayErrors, which contain the code of the runtime's error and no other part of it.
 *
 * @param options the timers, limits, trusted certificates and the resolver
 * @returns a function from an authorized target and a request to the response of the upstream
 */
export function createUpstreamFetch(options: UpstreamFetchOptions): FetchUpstream {
  const {
    timers,
    connectTimeout = DEFAULTS.connectTimeout,
    atMostOnce = false,
    upstreamCa,
    resolver = createResolver(),
  } = options;
  const alpn = createAlpnMemory(upstreamCa);
  const names = createMovedNames(resolver);
  const needsOwnConnection = (method: string) =>
    REPEATED_CHANGES.has(method) || (atMostOnce && REPEATED.has(method));

  return async (admitted, request, abort) => {
    const located = names.locate(admitted);
    const upstream = located instanceof Promise ? await located : located;
    const { target, tls } = fetchTarget(upstream, request.headers, upstreamCa);
    const giveUp = (reason: GatewayError, mayBeSent: boolean) => {
      names.doubt(upstream);
      abort(reason, mayBeSent);
    };
    const stopWatching = watchConnecting(target, { seconds: connectTimeout, timers }, giveUp);
    const init: BunFetchRequestInit = { ...request, ...SWITCHED_OFF };
    if (tls) init.tls = tls;
    const speaksHttp2 = alpn.speaksHttp2(upstream);
    if (speaksHttp2) init.protocol = "http2";
    if (needsOwnConnection(request.method)) init.keepalive = false;
    try {
      const response = await fetch(target, init);
      if (speaksHttp2) alpn.succeeded(upstream);
      return response;
    } catch (error) {
      alpn.failed(upstream, error);
      const failure = asGatewayError(error);
      if (failure.code === "upstream_unreachable") names.doubt(upstream);
      throw failure;
    } finally {
      stopWatching();
    }
  };
}

function asGatewayError(error: unknown): GatewayError {
  const code = String((error as { code?: unknown } | undefined)?.code ?? "unknown");
  return new GatewayError(
    NO_CONNECTION.test(code) ? "upstream_unreachable" : "upstream_broken",
    code,
  );
}

// The URL contains the checked address, so that `fetch` connects to it. The Host header, SNI and the
// verification of the certificate use the upstream's name. Bun pools connections by address and TLS settings.
function fetchTarget(
  { url, address }: AuthorizedTarget,
  headers: Headers,
  ca: string | undefined,
): { target: string; tls?: BunFetchRequestInit["tls"] } {
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED in the environment would turn verification off.
  const trust = { rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
  if (address === undefined || url.hostname === address) {
    return url.protocol === "https:" ? { target: url.href, tls: trust } : { target: url.href };
  }
  const target = new URL(url);
  target.hostname = address.includes(":") ? `[${address}]` : address;
  headers.set("host", url.host);
  return { target: target.href, tls: { ...trust, servername: url.hostname } };
}

/**
 * Aborts a request whose connection takes too long. The runtime does not report when a connection is open.
 * Therefore, if there is no response after half of the time, a second connection is tried for the other half.
 * The request is aborted if that connection cannot be opened in time either.
 */
function watchConnecting(
  target: string,
  { seconds, timers }: { seconds: number; timers: TimerWheel },
  abort: (reason: GatewayError, mayBeSent: boolean) => void,
): () => void {
  if (!(seconds > 0)) return () => {};
  const half = (seconds * 1000) / 2;
  let stopped = false;
  const timer = timers.start(() => {
    void canConnect(target, half).then(async (able) => {
      // After a response, the result of the second connection no longer matters.
      if (able || stopped) return;
      const mayBeSent = await mayBeConnected(target);
      if (!stopped) abort(new GatewayError("upstream_timeout", "no connection"), mayBeSent);
    });
  }, half);
  return () => {
    stopped = true;
    timers.stop(timer);
  };
}
