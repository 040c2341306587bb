import type { Settings } from "../../../config/settings.ts";
import type { Revocations } from "../../../gateway/ledger/revocation/revocations.ts";
import type { LedgerStore } from "../../../gateway/ledger/store.ts";
import { Activity } from "../../../runtime/admin/activity/activity.ts";
import type { ActivityRelay } from "../../../runtime/admin/activity/relay.ts";
import { GatewaysUsage } from "../../../runtime/admin/activity/gateways_usage.ts";
import type { AdminSources, ApiParts } from "../../../runtime/admin/sources.ts";
import type { UsageStore } from "../../../gateway/ledger/usage_store.ts";
import type { Metrics } from "../../../runtime/observe/metrics.ts";
import type { OpenLedger } from "../../../runtime/open_ledger.ts";
import { followRevocations } from "./open_ledger.ts";
import { type CountedGateway, processState } from "./process_state.ts";

/** The parts of a single process that its admin listener needs. */
interface ApiPartsOfProcess {
  api: ApiParts | undefined;
  revocations: Revocations | undefined;
  /** Counts the exchanges. */
  relay: ActivityRelay | undefined;
}

/** The ledger as the API shows it. */
interface ApiLedger {
  store: LedgerStore;
  revocations: Revocations;
  /** The usage that gateways share. Absent: this gateway is the only one. */
  usage?: UsageStore | undefined;
}

/**
 * Makes what the admin API of this process shows.
 *
 * @param settings of the process
 * @param ledger its store and its revocations
 * @returns `undefined` without a token for the API
 */
export function apiParts(
  { adminToken: token }: Settings,
  { store, revocations, usage: others }: ApiLedger,
): ApiParts | undefined {
  if (token === undefined) return undefined;
  const now = Date.now;
  const activity = new Activity(now);
  const usage = new GatewaysUsage({ activity, now, store: others });
  return { token, now, startedAt: now(), activity, usage, revocations, store };
}

/**
 * Makes what the admin API of a supervisor shows, which serves no requests itself.
 *
 * @param settings of the process
 * @param ledger the open ledger
 * @returns `undefined` without a token for the API
 */
export async function apiOfSupervisor(
  settings: Settings,
  ledger: OpenLedger,
): Promise<ApiParts | undefined> {
  if (settings.adminToken === undefined) return undefined;
  const revocations = await followRevocations(settings, ledger, false);
  return revocations && apiParts(settings, { ...ledger, revocations });
}

/**
 * Makes what the admin listener of a single process shows.
 *
 * @param counted the running gateway
 * @param metrics of the process
 * @param parts what the API shows; absent ones are not there
 */
export function adminSources(
  counted: CountedGateway,
  metrics: Metrics | undefined,
  { api, revocations, relay }: ApiPartsOfProcess,
): AdminSources {
  return {
    isReady: () => counted.gateway.phase() === "serving",
    metrics: async () => (await metrics?.text()) ?? "",
    isStale: () => revocations?.isStale,
    api: api &&
      revocations && {
        ...api,
        refresh: async () => relay?.flush(),
        processes: async () => [processState(counted, revocations, api.now())],
        endExchange: async (requestId) => revocations.open.end(requestId),
      },
  };
}
