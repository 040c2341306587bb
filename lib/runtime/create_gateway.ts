import { type AdmissionOptions, createAdmissionControl } from "../gateway/admission/admission.ts";
import { BodyBudget } from "../gateway/body/body_budget.ts";
import { DEFAULTS } from "../gateway/defaults.ts";
import { createHandler, type Handler, type HandlerParts } from "../gateway/handler.ts";
import { createConcurrencyLimits } from "../gateway/ledger/concurrency_limits.ts";
import { createLedger } from "../gateway/ledger/create_ledger.ts";
import { createDemands } from "../gateway/ledger/demands.ts";
import type { Ledger } from "../gateway/ledger/ledger.ts";
import type { Revocations } from "../gateway/ledger/revocation/revocations.ts";
import { MemoryStore } from "../gateway/ledger/memory/memory_store.ts";
import type { App } from "../gateway/model/app.ts";
import type { CorsPolicy } from "../gateway/model/cors_policy.ts";
import { createPolicies } from "../gateway/policy/policies.ts";
import { createUsageWatch } from "../gateway/policy/watch_usage.ts";
import { createBytesObserver } from "../gateway/record/bytes_observer.ts";
import type { Observer } from "../gateway/record/exchange_record.ts";
import type { Sampling } from "../gateway/record/trace.ts";
import { TimerWheel } from "../gateway/time/timer_wheel.ts";
import { createTrial, type TryRequest } from "../gateway/trial.ts";
import { createBuiltInPrices } from "../gateway/usage/builtin_prices.ts";
import type { PriceTable } from "../gateway/usage/prices.ts";
import { webHmac } from "../signing/verify.ts";
import {
  type GatewayLimits,
  type GatewayObservers,
  type GatewayOptions,
  readGatewayOptions,
} from "./gateway_options.ts";
import { createResolver } from "./upstream/resolve.ts";
import { createUpstreamFetch } from "./upstream/upstream_fetch.ts";

export type { Handler };

type SharedInAdmission = Pick<
  AdmissionOptions,
  | "hmac"
  | "latestRoutes"
  | "now"
  | "resolve"
  | "sha256"
  | "signingKeys"
  | "tokenKeys"
  | "verifyHmac"
>;
type SharedInDelivery = Pick<
  HandlerParts["delivery"],
  "cut" | "dialUpstream" | "fetchUpstream" | "phase" | "timers"
>;

/** Parts that a process shares among its gateways, and that a program which embeds one does not see. */
export interface GatewayParts extends Partial<SharedInAdmission>, Partial<SharedInDelivery> {
  /** Counts open exchanges in this process. */
  connections?: HandlerParts["connections"];
  /** Keeps the limits that count. Default: one in the memory of this gateway. */
  ledger?: Ledger;
  /** The revoked credentials, and the exchanges that a revocation ends. Default: none. */
  revocations?: Pick<Revocations, "isRevoked" | "open"> | undefined;
  /** Counts the bytes of unverified bodies, for all gateways that share it. */
  unverified?: BodyBudget;
  /** Counts the bytes of bodies under policies, in the same way. */
  checked?: BodyBudget;
  /** The prices of models. Default: the built-in ones. */
  prices?: PriceTable;
  /** A monotonic clock in milliseconds, for durations. Default: `performance.now`. */
  ticks?: () => number;
  /** Which exchanges are traced. Default: none is. */
  sampling?: Sampling | undefined;
  /** Called when an exchange begins. */
  onBegin?: () => void;
  /** The apps of which preflights may use a policy. Default: none. */
  apps?: () => Iterable<App>;
}

/**
 * Creates a gateway that a program embeds in its own server.
 *
 * @param options `sources` finds apps; `limits`, `hooks` and `observers` are optional
 * @returns a function from a request to its response, for `Bun.serve`, `Deno.serve` or any server on
 *   the Fetch API. Its second argument may hold the client's address, for routes. It never throws.
 * @throws TypeError when an option is unknown or has the wrong type
 *
 * @example
 * ```ts
 * const gateway = createGateway({ sources: { findApp: (id) => apps.get(id) } });
 * Bun.serve({ fetch: (request) => gateway(request) });
 * ```
 */
export function createGateway(options: GatewayOptions): Handler {
  return assembleGateway(readGatewayOptions(options));
}

/**
 * Creates a ledger in the memory of this process, for gateways that share their counters. It forgets them with the
 * process: tokens that count must be newer than the ledger.
 *
 * @returns the ledger, for the option `ledger` of {@link createGateway}
 */
export function createMemoryLedger(): Ledger {
  return memoryLedger(new TimerWheel(), Date.now);
}

function memoryLedger(timers: TimerWheel, now: () => number): Ledger {
  return createLedger({ store: new MemoryStore({ now }), timers });
}

/**
 * Creates a gateway from options that are known to be right, and from parts that it shares with others.
 *
 * @param options the options of {@link createGateway}
 * @param parts shared parts. Default: the gateway has its own.
 */
export function assembleGateway(options: GatewayOptions, parts: GatewayParts = {}): Handler {
  return createHandler(assembleParts(options, parts));
}

/**
 * Creates the function that tries requests at a gateway with these options and parts, without its delivery.
 *
 * @param options the options of the gateway
 * @param parts the parts of the gateway
 */
export function assembleTrial(options: GatewayOptions, parts: GatewayParts): TryRequest {
  return createTrial(assembleParts(options, parts));
}

function assembleParts(options: GatewayOptions, parts: GatewayParts): HandlerParts {
  const { sources, hooks = {}, observers = {}, cors = {}, explain = false, audience } = options;
  const { publicPath = DEFAULTS.publicPath } = options;
  const { onError = () => {} } = observers;
  const { timers = new TimerWheel(), phase = () => "serving" } = parts;
  const { ticks = () => performance.now(), now = Date.now, prices = createBuiltInPrices() } = parts;
  const watchUsage = createUsageWatch({ prices, now });
  const limits = limitsFrom(options.limits);
  const shared = withDefaults(parts, limits, timers);
  const observer = observerFrom({ ...observers, onError }, parts, timers);
  const { routes = [], isSecret } = sources;
  return {
    admission: createAdmissionControl({
      ...limits,
      ...shared,
      ...sources,
      ...{ routes, publicPath, explain, audience },
      isRevoked: parts.revocations?.isRevoked,
    }),
    open: parts.revocations?.open,
    connections: parts.connections ?? createConcurrencyLimits(),
    counting: {
      ledger: parts.ledger ?? options.ledger ?? memoryLedger(timers, now),
      now,
    },
    demands: createDemands(limits.maxConnections),
    applyPolicies: createPolicies({ maxPolicyBody: limits.maxPolicyBody, prices, watchUsage, now }),
    watchUsage,
    delivery: { ...limits, ...shared, ...hooks, timers, now, phase, publicPath },
    exchange: { ticks, timers, observer, onError, sampling: parts.sampling },
    refusal: { explain, onError, phase, isSecret },
    uploadLimits: {
      idleTimeout: limits.uploadIdleTimeout,
      maxDuration: limits.maxDuration,
      timers,
      unverified: parts.unverified ?? new BodyBudget("unverified_limit"),
      checked: parts.checked ?? new BodyBudget("policy_bodies_limit"),
      maxUnverified: Math.max(limits.maxUnverifiedBytes, limits.maxSignedBody),
    },
    cors,
    appPolicies: () => policiesOf(parts.apps?.() ?? [], cors),
    hooks,
  };
}

function* policiesOf(apps: Iterable<App>, cors: CorsPolicy): Generator<CorsPolicy> {
  for (const app of apps) yield app.cors ?? cors;
}

/** Applies the defaults. An option that is `undefined` has its default too. */
function limitsFrom(limits: GatewayLimits = {}): typeof DEFAULTS & GatewayLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

function withDefaults(parts: GatewayParts, limits: GatewayLimits, timers: TimerWheel) {
  const resolver = createResolver();
  return {
    hmac: webHmac,
    resolve: resolver.resolve,
    fetchUpstream: createUpstreamFetch({ ...limits, timers, resolver }),
    ...parts,
  };
}

function observerFrom(
  { onRecord, onBytes, onError }: GatewayObservers & Required<Pick<GatewayObservers, "onError">>,
  { onBegin }: GatewayParts,
  timers: TimerWheel,
): Observer {
  const bytes = onBytes && createBytesObserver(onBytes, { onError, timers });
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
