import type { Settings } from "../config/settings.ts";
import { BodyBudget } from "../gateway/body/body_budget.ts";
import type { Resolve } from "../gateway/admission/authorize.ts";
import type { FetchUpstream } from "../gateway/fetch_upstream.ts";
import { createConcurrencyLimits } from "../gateway/ledger/concurrency_limits.ts";
import type { Ledger } from "../gateway/ledger/ledger.ts";
import type { App, Principal } from "../gateway/model/app.ts";
import type { Revocations } from "../gateway/ledger/revocation/revocations.ts";
import type { NamedPolicy } from "../gateway/model/policy.ts";
import type { Route } from "../gateway/model/route.ts";
import type { Phase } from "../gateway/model/phase.ts";
import type { TimerWheel } from "../gateway/time/timer_wheel.ts";
import type { TryRequest } from "../gateway/trial.ts";
import { createBuiltInPrices } from "../gateway/usage/builtin_prices.ts";
import { withOwnPrices } from "../gateway/usage/prices.ts";
import {
  type AddressRange,
  createSigningKeys,
  createTokenKeys,
  parseAddressRange,
} from "../signing/verify.ts";
import {
  assembleGateway,
  assembleTrial,
  type GatewayParts,
  type Handler,
} from "./create_gateway.ts";
import {
  createFetchedCredentials,
  type FetchedCredentials,
  withCredentials,
} from "./credentials/fetched_credentials.ts";
import { hmac } from "./crypto/hmac.ts";
import { sha256 } from "./crypto/sha256.ts";
import { verifyHmac } from "./crypto/verify_hmac.ts";
import { createFetchedSources, type FetchedSources } from "./fetched_sources.ts";
import type { GatewaySources } from "./gateway_options.ts";
import { type KeySets, keySetsOf, withKeySet } from "./key_sets.ts";
import { CredentialWarnings } from "./observe/credential_warnings.ts";
import { logFailure } from "./observe/log_failure.ts";
import { beginAt, type Observers, recordTo } from "./observe/observers.ts";
import { PriceWarnings } from "./observe/price_warnings.ts";
import { createDial } from "./upstream/dial_upstream.ts";
import { createResolver } from "./upstream/resolve.ts";
import { createUpstreamFetch } from "./upstream/upstream_fetch.ts";

/** The parts that belong to the process and outlive a change of the settings. */
export interface ProcessParts {
  timers: TimerWheel;
  /** Keeps the limits that count. */
  ledger: Ledger;
  /** The revoked credentials. Absent: none can be revoked. */
  revocations?: Revocations | undefined;
  /** Aborted when the gateway cuts the exchanges that are left. Absent: it never does. */
  cut?: AbortSignal | undefined;
}

/** The settings in force, and the gateway that was made from them. */
export interface Configured {
  settings: Settings;
  apps: ReadonlyMap<string, App>;
  policies: ReadonlyMap<string, NamedPolicy>;
  keySets: KeySets;
  routes: readonly Route[];
  /** The credentials of rules that are fetched. */
  credentials: FetchedCredentials;
  trustedProxies: readonly AddressRange[];
  fetchUpstream: FetchUpstream;
  gateway: Handler;
  /** Takes a request through the steps of the gateway, and sends nothing. */
  tryRequest: TryRequest;
}

/**
 * Makes a gateway from settings.
 *
 * @param settings of a checked configuration
 * @param before what was in force before. Default: nothing was
 */
export type Configure = (settings: Settings, before?: Configured) => Configured;

/**
 * Creates a function that makes a gateway from settings. Its gateways share what has to outlive a change
 * of the settings, such as the count of open exchanges, and look up apps and routes that are in force.
 *
 * @param observers what records each exchange
 * @param parts the timers, the ledger and the revocations
 * @param phase whether the gateway accepts requests
 * @param inForce returns what is in force when a request comes
 */
export function createConfigure(
  observers: Observers,
  parts: ProcessParts,
  phase: () => Phase,
  inForce: () => Configured,
): Configure {
  const { log, telemetry } = observers;
  const resolver = createResolver();
  const { timers } = parts;
  const builtIn = createBuiltInPrices();
  const warnings = [new CredentialWarnings(log, timers.now), new PriceWarnings(log, timers.now)];
  const shared = sharedParts({ ...parts, phase, inForce, resolve: resolver.resolve });
  const onError = (error: unknown, requestId: string) => logFailure(log, error, requestId);
  const fetched = createFetchedSources(log, () => inForce().fetchUpstream, resolver.resolve);
  telemetry?.sendBy(() => inForce().fetchUpstream);
  return (settings, before) => {
    const principals = principalsOf(settings, fetched, before);
    const policies = new Map(settings.policies.map((policy) => [policy.name, policy]));
    const trustedProxies = settings.trustedProxies.map((text) => parseAddressRange(text)!);
    const onRecord = recordTo(observers, warnings, settings);
    const options = {
      ...optionsFrom(settings),
      sources: sourcesFrom(settings, principals.routes, inForce),
      observers: { onRecord, onError },
    };
    const connecting = { ...settings, timers, resolver };
    const fetchUpstream = createUpstreamFetch(connecting);
    const own = {
      ...shared,
      // They go with the secrets that they were made of.
      signingKeys: createSigningKeys(),
      tokenKeys: createTokenKeys(),
      dialUpstream: createDial(connecting),
      fetchUpstream,
      prices: withOwnPrices(settings.prices ?? {}, builtIn),
      onBegin: beginAt(observers),
      sampling: telemetry?.sampling,
    };
    const tryRequest: TryRequest = (...request) => assembleTrial(options, own)(...request);
    const found = { ...principals, policies, trustedProxies, fetchUpstream };
    return { settings, ...found, gateway: assembleGateway(options, own), tryRequest };
  };
}

// A function of its own: otherwise the functions of a configuration would keep the one before in their scope.
/** The apps and routes of settings, with what is fetched for them. */
function principalsOf(
  { apps, routes }: Settings,
  fetched: FetchedSources,
  before: Configured | undefined,
): Pick<Configured, "apps" | "routes" | "keySets" | "credentials"> {
  const keySets = keySetsOf(apps, fetched.keySets, before?.keySets);
  const credentials = createFetchedCredentials();
  const complete = <Owner extends Principal>(principal: Owner) =>
    withCredentials(principal, fetched.credentials, credentials, before?.credentials);
  return {
    apps: new Map(apps.map((app) => [app.id, complete(withKeySet(app, keySets))])),
    routes: routes.map(complete),
    keySets,
    credentials,
  };
}

interface SharedSources extends ProcessParts {
  phase: () => Phase;
  inForce: () => Configured;
  resolve: Resolve;
}

function sharedParts({
  phase,
  inForce,
  timers,
  ledger,
  revocations,
  cut,
  resolve,
}: SharedSources): GatewayParts {
  return {
    resolve,
    connections: createConcurrencyLimits(),
    ledger,
    revocations,
    unverified: new BodyBudget("unverified_limit"),
    checked: new BodyBudget("policy_bodies_limit"),
    apps: () => inForce().apps.values(),
    latestRoutes: () => inForce().routes,
    timers,
    sha256,
    verifyHmac,
    hmac,
    phase,
    cut,
  };
}

function sourcesFrom(
  settings: Settings,
  routes: readonly Route[],
  inForce: () => Configured,
): GatewaySources {
  const secrets = secretsOf(settings);
  return {
    findApp: (id) => inForce().apps.get(id),
    findIssuer: (issuer, audience) => findIssuer(inForce(), issuer, audience),
    findPolicy: (name) => inForce().policies.get(name),
    routes,
    isSecret: (text) => secrets.has(text),
  };
}

function optionsFrom({ cors, publicPath, explain, audience, ...limits }: Settings) {
  return { limits, cors, publicPath, explain, ...(audience !== undefined && { audience }) };
}

/** The app whose key set belongs to an issuer and one of the audiences. */
function findIssuer(
  { settings, apps }: Configured,
  issuer: string,
  audiences: readonly string[],
): App | undefined {
  const found = settings.apps.find(({ tokens }) => {
    const audience = tokens?.audience ?? settings.audience;
    return tokens?.issuer === issuer && audience !== undefined && audiences.includes(audience);
  });
  return found && apps.get(found.id);
}

function secretsOf({ apps, routes }: Settings): ReadonlySet<string> {
  const ofRoutes = routes.flatMap(({ signature }) => signature?.secrets ?? []);
  const all = [...apps.flatMap(({ secrets }) => secrets), ...ofRoutes];
  return new Set(all.flatMap((secret) => [secret, secret.trim()]));
}
