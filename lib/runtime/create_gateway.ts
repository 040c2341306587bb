import type { App } from "../gateway/model/app.ts";
import { DEFAULTS } from "../gateway/defaults.ts";
import { createConnections } from "../gateway/ledger/concurrency_limits.ts";
import { createTimerWheel } from "../gateway/time/timer_wheel.ts";
import { bytesObserver, type Hooks } from "../gateway/hooks.ts";
import type { ExchangeRecord, Observer } from "../gateway/record/exchange_record.ts";
import { createHandler, type Handler, type HandlerOptions } from "../gateway/handler.ts";
import { webHmac } from "../signing/verify.ts";
import { createResolve } from "./upstream/resolve.ts";
import { createUpstreamFetch } from "./upstream/upstream_fetch.ts";

/** Settings of {@link createGateway}. Only `findApp` has no default. */
export interface GatewayOptions
  extends Partial<Omit<HandlerOptions, "findApp" | "observer">>, Hooks {
  /**
   * Looks an app up by its id, in a file, a database or wherever apps live. Called once for each
   * signed request, and for each preflight.
   */
  findApp: (id: string) => App | undefined | Promise<App | undefined>;
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
 *   the Fetch API. Its second argument may say the client's address, for routes. It never throws.
 *
 * @example
 * ```ts
 * const gateway = createGateway({ findApp: (id) => apps.get(id) });
 * Bun.serve({ fetch: (request) => gateway(request) });
 * ```
 */
export function createGateway(options: GatewayOptions): Handler {
  const { timers = createTimerWheel() } = options;
  return createHandler({
    timers,
    routes: [],
    hmac: webHmac,
    cors: {},
    connections: createConnections(),
    explain: false,
    ...DEFAULTS,
    phase: () => "serving",
    ticks: () => performance.now(),
    resolve: createResolve(),
    fetchUpstream: createUpstreamFetch({ timers }),
    onError: () => {},
    ...options,
    observer: observerOf(options),
  });
}

function observerOf({ onBegin, onRecord, onBytes, onError = () => {} }: GatewayOptions): Observer {
  const bytes = onBytes && bytesObserver(onBytes, onError);
  return {
    ...(onBegin && { begin: onBegin }),
    end(record) {
      onRecord?.(record);
      bytes?.end(record);
    },
  };
}
