import { type AdmissionOptions, createAdmissionControl } from "../gateway/admission/admission.ts";
import { UnverifiedBudget } from "../gateway/body/unverified_budget.ts";
import { DEFAULTS } from "../gateway/defaults.ts";
import { createHandler, type Handler, type HandlerParts } from "../gateway/handler.ts";
import { bytesObserver, type Hooks } from "../gateway/hooks.ts";
import { createConcurrencyLimits } from "../gateway/ledger/concurrency_limits.ts";
import { createDemands } from "../gateway/ledger/demands.ts";
import type { ExchangeRecord, Observer } from "../gateway/record/exchange_record.ts";
import type { RefusalOptions } from "../gateway/refusal.ts";
import { TimerWheel } from "../gateway/time/timer_wheel.ts";
import { webHmac } from "../signing/verify.ts";
import { createResolver } from "./upstream/resolve.ts";
import { createUpstreamFetch } from "./upstream/upstream_fetch.ts";

export type { Handler };

/** Settings of {@link createGateway}. Only `findApp` has no default. */
export interface GatewayOptions
  extends
    Partial<Omit<AdmissionOptions, "findApp">>,
    Partial<HandlerParts["delivery"]>,
    Partial<RefusalOptions>,
    Partial<Pick<HandlerParts, "cors" | "ledger">>,
    Hooks {
  /**
   * Looks an app up by its id, in a file, a database or wherever apps live. Called once for each
   * signed request, before a secret is used, again when a signed body is complete, and for each
   * preflight. A response from here ends the exchange early, unless the request is a preflight: it goes
   * to the client instead. To read the body, clone the request.
   */
  findApp: AdmissionOptions["findApp"];
  /** Concurrent exchanges of all apps and routes together. Default: no limit. */
  maxConnections?: number;
  /** Seconds that a client may stall while it sends a body; 0 = no limit. Default: {@link DEFAULTS}. */
  uploadIdleTimeout?: number;
  /**
   * Bytes that the gateway holds of bodies before their senders are verified, all requests together; at
   * least `maxSignedBody`. Default: 64 MiB.
   */
  maxUnverifiedBytes?: number;
  /** Counts those bytes, for all gateways that it is given to. Default: one of its own. */
  unverified?: UnverifiedBudget;
  /** A monotonic clock in milliseconds, for durations. Default: `performance.now`. */
  ticks?: () => number;
  /** Called when an exchange begins. */
  onBegin?: () => void;
  /** Receives the record of each exchange, when it has ended. */
  onRecord?: (record: Readonly<ExchangeRecord>) => void;
}

/**
 * Makes a gateway to embed in a server of your own.
 *
 * @param options where apps are found; hooks (`onRequest`, `onResponse`, `onBytes`); limits
 * @returns a function from a request to its response, for `Bun.serve`, `Deno.serve` or any server on
 *   the Fetch API. Its second argument may hold the client's address, for routes. It never throws.
 *
 * @example
 * ```ts
 * const gateway = createGateway({ findApp: (id) => apps.get(id) });
 * Bun.serve({ fetch: (request) => gateway(request) });
 * ```
 */
export function createGateway(options: GatewayOptions): Handler {
  const { timers = new TimerWheel(), phase = () => "serving" } = options;
  const { explain = false, onError = () => {}, ticks = () => performance.now() } = options;
  const resolver = createResolver();
  const settings = {
    ...DEFAULTS,
    routes: [],
    hmac: webHmac,
    resolve: resolver.resolve,
    fetchUpstream: createUpstreamFetch({ timers, resolver }),
    ...options,
    timers,
    phase,
  };
  return createHandler({
    admission: createAdmissionControl(settings),
    ledger: options.ledger ?? createConcurrencyLimits(),
    demands: createDemands(options.maxConnections),
    delivery: settings,
    exchange: { ticks, timers, observer: observerOf(options, timers) },
    refusal: { explain, onError, phase, isSecret: options.isSecret },
    uploadLimits: {
      idleTimeout: settings.uploadIdleTimeout,
      maxDuration: settings.maxDuration,
      timers,
      unverified: options.unverified ?? new UnverifiedBudget(),
      maxUnverified: Math.max(settings.maxUnverifiedBytes, settings.maxSignedBody),
    },
    cors: options.cors ?? {},
    hooks: options,
  });
}

function observerOf(
  { onBegin, onRecord, onBytes, onError = () => {} }: GatewayOptions,
  timers: TimerWheel,
): Observer {
  const bytes = onBytes && bytesObserver(onBytes, { onError, timers });
  return {
    begin(record) {
      onBegin?.();
      bytes?.begin?.(record);
    },
    end(record) {
      onRecord?.(record);
      bytes?.end(record);
    },
  };
}
