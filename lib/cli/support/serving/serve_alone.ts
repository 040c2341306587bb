import type { Settings } from "../../../config/settings.ts";
import { ActivityRelay } from "../../../runtime/admin/activity/relay.ts";
import type { AdminSources } from "../../../runtime/admin/sources.ts";
import { listen } from "../../../runtime/listen.ts";
import { listenOrReport } from "../../../runtime/process/listen_or_report.ts";
import type { ServiceManager } from "../../../runtime/process/service_manager.ts";
import { adminSources, apiParts } from "./admin_sources.ts";
import { startObservers } from "./observers.ts";
import { countGenerations } from "./process_state.ts";
import { runService } from "./run_service.ts";
import type { Start } from "./process_start.ts";

/**
 * Serves in a process without workers.
 *
 * @param start the settings, the log and the ledger
 * @param manager the service manager
 * @returns the exit code: 0, or 1 when it cannot listen on an address
 */
export async function serveAlone(start: Start, manager: ServiceManager): Promise<number> {
  const { settings, store, revocations, usage } = start;
  const { admin: address } = settings;
  const api = revocations && apiParts(settings, { store, revocations, usage });
  const relay = api && new ActivityRelay({ send: (sums) => api.activity.add(sums), now: Date.now });
  const observers = await startObservers(start, relay);
  const { metrics } = observers;
  const gateway = await listenOrReport(settings, () =>
    listen(settings, { ...observers, store, revocations }),
  );
  if (!gateway) return 1;
  const counted = countGenerations(gateway);
  const sources = adminSources(counted, metrics, { api, revocations, relay });
  const admin = address && (await startAdmin(address, sources));
  if (address && !admin) {
    await gateway.stop(0);
    return 1;
  }
  api?.usage.start(async () => relay?.flush());
  await runService({ ...start, gateway: counted.gateway, metrics, admin, manager });
  await admin?.stop();
  await api?.usage.stop();
  return 0;
}

// Most gateways start without an admin listener, and a start loads only what it needs.
async function startAdmin(address: NonNullable<Settings["admin"]>, sources: AdminSources) {
  const { listenForAdmin } = await import("../../../runtime/admin/admin.ts");
  return listenOrReport(address, () => listenForAdmin(address, sources), "admin");
}
