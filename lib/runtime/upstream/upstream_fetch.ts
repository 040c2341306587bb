import type { FetchUpstream } from "../../gateway/fetch_upstream.ts";
import { DEFAULTS } from "../../gateway/defaults.ts";
import type { GatewayError } from "../../gateway/problem/gateway_error.ts";
import type { TimerWheel } from "../../gateway/time/timer_wheel.ts";
import { createAlpnMemory } from "./alpn.ts";
import { connectFailure } from "./connect_failure.ts";
import { ConnectionPools } from "./connection_pools.ts";
import { locatedTarget } from "./located_target.ts";
import { createMovedNames } from "./moved_names.ts";
import { createResolver, type Resolver } from "./resolve.ts";
import { watchConnecting } from "./watch_connecting.ts";

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

// The runtime sends these methods a second time when a pooled connection turns out to be closed. Methods
// that change something always get a new connection, so that they are sent at most once. The others get one
// only with `atMostOnce`, because a new connection takes time.
const REPEATED: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const REPEATED_CHANGES: ReadonlySet<string> = new Set(["DELETE", "PUT"]);

// Features of the runtime that are on by default and that a gateway must not use. It is spread first, since only the first
// spread of an object is copied at once.
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
  const pools = new ConnectionPools();
  const needsOwnConnection = (method: string) =>
    REPEATED_CHANGES.has(method) || (atMostOnce && REPEATED.has(method));

  return async (admitted, { method, headers, body, signal }, abort) => {
    const located = names.locate(admitted);
    const upstream = located instanceof Promise ? await located : located;
    const { target, tls } = locatedTarget(upstream, headers, upstreamCa);
    const giveUp = (reason: GatewayError, mayBeSent: boolean) => {
      names.doubt(upstream);
      abort(reason, mayBeSent);
    };
    const stopWatching = watchConnecting(target, { seconds: connectTimeout, timers }, giveUp);
    const init: BunFetchRequestInit = { ...SWITCHED_OFF, method, headers, body, signal };
    const speaksHttp2 = alpn.speaksHttp2(upstream);
    if (speaksHttp2) init.protocol = "http2";
    const isKept = !needsOwnConnection(method);
    if (!isKept) init.keepalive = false;
    const pooled = isKept && !speaksHttp2 ? pools.enter(upstream.url, tls) : undefined;
    if (tls) init.tls = pooled?.tls ?? tls;
    try {
      const response = await fetch(target, init);
      if (speaksHttp2) alpn.succeeded(upstream);
      return response;
    } catch (error) {
      alpn.failed(upstream, error);
      const failure = connectFailure(error);
      if (failure.code === "upstream_unreachable") names.doubt(upstream);
      throw failure;
    } finally {
      pooled?.leave();
      stopWatching();
    }
  };
}
