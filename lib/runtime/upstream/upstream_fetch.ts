import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import type { FetchUpstream } from "../../gateway/fetch_upstream.ts";
import { DEFAULTS } from "../../gateway/defaults.ts";
import { GatewayError } from "../../gateway/problem/gateway_error.ts";
import type { TimerWheel } from "../../gateway/time/timer_wheel.ts";
import { canConnect } from "./can_connect.ts";
import { createAlpnMemory } from "./alpn.ts";
import { createMovedNames } from "./moved_names.ts";
import { createResolver, type Resolver } from "./resolve.ts";

/** Settings of {@link createUpstreamFetch}. */
export interface UpstreamFetchOptions {
  timers: TimerWheel;
  /** Seconds to wait for a connection; 0 = no limit. Default: {@link DEFAULTS}. */
  connectTimeout?: number;
  /** Whether no pooled connection is used for methods that the runtime would repeat. Default: no. */
  atMostOnce?: boolean;
  /** Certificates to trust beside the runtime's own, in PEM. Default: none. */
  upstreamCa?: string;
  /** Looks a name up again when a connection to it has failed. Default: the system's. */
  resolver?: Resolver;
}

// Error codes that are told before any byte of a request was sent.
const NO_CONNECTION =
  /^(E?CONNREFUSED|ConnectionRefused|FailedToOpenSocket|ENOTFOUND|EAI_.*|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|.*CERT.*|ERR_TLS.*|UNABLE_TO_.*|DEPTH_ZERO.*|SELF_SIGNED.*|HOSTNAME_MISMATCH)$/;

// The runtime sends these a second time when a pooled connection turns out to be dead. What changes
// something is sent at most once, at the price of a connection of its own; the rest when asked for.
const REPEATED: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const REPEATED_CHANGES: ReadonlySet<string> = new Set(["DELETE", "PUT"]);

// What the runtime does unasked.
const SWITCHED_OFF = {
  redirect: "manual",
  decompress: false,
  proxy: false,
  timeout: false,
  // BUN_CONFIG_VERBOSE_FETCH in the environment would print the injected headers.
  verbose: false,
} as const;

/**
 * Makes the runtime's `fetch` as the gateway wants it; errors carry a code and nothing else.
 *
 * @param options limits, and whom to trust
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
    const giveUp = (reason: GatewayError) => {
      names.doubt(upstream);
      abort(reason);
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

// The URL holds the address that was checked, so that `fetch` connects to it. Host, SNI and the check of the
// certificate keep the upstream's name. Bun pools connections by address and TLS settings.
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
 * The runtime does not tell a connection that is being made from an answer that is awaited. So when
 * half the time is over without an answer, a second connection is tried, for the other half.
 */
function watchConnecting(
  target: string,
  { seconds, timers }: { seconds: number; timers: TimerWheel },
  abort: (reason: GatewayError) => void,
): () => void {
  if (!(seconds > 0)) return () => {};
  const half = (seconds * 1000) / 2;
  let stopped = false;
  const timer = timers.start(() => {
    void canConnect(target, half).then((able) => {
      // Once there is an answer, what becomes of the second connection says nothing.
      if (!able && !stopped) abort(new GatewayError("upstream_timeout", "no connection"));
    });
  }, half);
  return () => {
    stopped = true;
    timers.stop(timer);
  };
}
