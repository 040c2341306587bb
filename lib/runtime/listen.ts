import type { Settings } from "../config/settings.ts";
import { createConcurrencyLimits } from "../gateway/ledger/concurrency_limits.ts";
import type { Phase } from "../gateway/model/phase.ts";
import type { Handler } from "../gateway/handler.ts";
import { createTimerWheel } from "../gateway/time/timer_wheel.ts";
import { problemResponse } from "../gateway/problem/problem_response.ts";
import { createSigningKeys } from "../signing/verify.ts";
import { createGateway } from "./create_gateway.ts";
import { hmac } from "./crypto/hmac.ts";
import { type Logger, logExchange } from "./observe/log.ts";
import type { Metrics } from "./observe/metrics.ts";
import { createResolve } from "./upstream/resolve.ts";
import { sha256 } from "./crypto/sha256.ts";
import { createUpstreamFetch } from "./upstream/upstream_fetch.ts";
import { verifyHmac } from "./crypto/verify_hmac.ts";

/** A gateway that listens. */
export interface RunningGateway {
  /** Where it can be reached from this machine. */
  url: string;
  port: number;
  phase: () => Phase;
  /** The settings in force. */
  settings: () => Settings;
  /** Puts others in force, for requests that come from now on. */
  configure: (settings: Settings) => void;
  /**
   * Refuses new connections and lets running exchanges end.
   *
   * @param seconds how long they get; what is left then is cut
   */
  stop: (seconds: number) => Promise<void>;
}

// How long a connection may do nothing between two exchanges.
const IDLE_SECONDS = 10;

/** What a gateway that listens tells. */
export interface Observers {
  log: Logger;
  /** Absent: nobody asks for them. */
  metrics?: Metrics | undefined;
}

/**
 * Starts to listen.
 *
 * @param initial the operator's settings
 * @param observers told of each exchange
 * @param isShared whether other processes listen on the same port
 * @throws the runtime's error when the address cannot be had
 */
export function listen(
  initial: Settings,
  { log, metrics }: Observers,
  isShared = false,
): RunningGateway {
  let phase: Phase = "serving";
  // What outlives a change of the settings.
  const lasting = {
    signingKeys: createSigningKeys(),
    ledger: createConcurrencyLimits(),
    resolve: createResolve(),
    timers: createTimerWheel(),
    sha256,
    verifyHmac,
    hmac,
    phase: () => phase,
    ...(metrics && { onBegin: metrics.begin }),
    onError: (error: unknown, request_id: string) =>
      log.error({ request_id, error: nameOf(error) }, "failed"),
  };

  function gatewayFor(settings: Settings): Handler {
    const apps = new Map(settings.apps.map((app) => [app.id, app]));
    return createGateway({
      ...settings,
      ...lasting,
      fetchUpstream: createUpstreamFetch({ ...settings, timers: lasting.timers }),
      findApp: (id) => apps.get(id),
      onRecord(record) {
        metrics?.observe(record);
        logExchange(log, record, settings.bytesMonitor);
      },
    });
  }

  function serveWith({ host, tls, http3 }: Settings, port: number) {
    // The runtime's idle timeout would cut quiet streams and slow uploads. Between exchanges it is what
    // ends connections that do nothing.
    const suspendIdleTimeout = (request: Request) => {
      listener.timeout(request, 0);
      return () => listener.timeout(request, IDLE_SECONDS);
    };
    const listener: Bun.Server<undefined> = Bun.serve({
      hostname: host,
      port,
      development: false,
      // A new certificate takes a new listener, which has to share the port with the old one.
      reusePort: isShared || tls !== undefined,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      ...(tls && { tls, http2: true, http3 }),
      fetch(request) {
        const { settings, gateway } = current;
        const address = settings.routes.length > 0 && listener.requestIP(request)?.address;
        if (!address) return gateway(request, { suspendIdleTimeout });
        // On all interfaces the socket is one of IPv6, and an IPv4 client is mapped into it.
        const remoteAddress = address.replace(/^::ffff:(?=[\d.]+$)/i, "");
        return gateway(request, { suspendIdleTimeout, remoteAddress });
      },
      error(error) {
        const request_id = crypto.randomUUID();
        log.error({ request_id, error: nameOf(error) }, "failed");
        return problemResponse("internal_error", request_id);
      },
    });
    return listener;
  }

  let current = { settings: initial, gateway: gatewayFor(initial) };
  let server = serveWith(initial, initial.port);
  return {
    url: server.url.origin,
    port: server.port!,
    phase: () => phase,
    settings: () => current.settings,
    configure(settings) {
      const { tls } = current.settings;
      const next = { settings, gateway: gatewayFor(settings) };
      if (tls && settings.tls && JSON.stringify(tls) !== JSON.stringify(settings.tls)) {
        const old = server;
        // Throws for a certificate that cannot be used, and then nothing has changed.
        server = serveWith({ ...initial, tls: settings.tls }, old.port!);
        void old.stop();
      }
      current = next;
    },
    async stop(seconds) {
      phase = "draining";
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, seconds * 1000);
      await Promise.race([server.stop(), late]);
      clearTimeout(timer);
      phase = "cutting";
      await server.stop(true);
    },
  };
}

// A message may quote what it failed on, and that may be a secret. The name and place cannot.
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = error.stack?.split("\n").find((line) => /^\s*at /.test(line)) ?? "";
  return `${error.name} ${place.trim()}`.trim();
}
