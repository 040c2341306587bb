import { ledgerServers, MEMORY_LEDGER } from "../../../config/ledger/ledger_location.ts";
import type { Settings } from "../../../config/settings.ts";
import {
  createRevocations,
  type Revocations,
} from "../../../gateway/ledger/revocation/revocations.ts";
import { TimerWheel } from "../../../gateway/time/timer_wheel.ts";
import { RemoteStore } from "../../../runtime/ledger/workers/remote_store.ts";
import { remoteRevocations } from "../../../runtime/ledger/workers/remote_revocations.ts";
import type { Logger } from "../../../runtime/observe/log.ts";
import {
  LedgerFileError,
  openLedger,
  type OpenLedger,
  StoreFaultError,
} from "../../../runtime/open_ledger.ts";
import type { SupervisorConnection } from "../../../runtime/process/worker.ts";
import { STDERR, writeText } from "../../../runtime/process/write_text.ts";

/**
 * Opens the ledger. If that fails, it writes one line with the reason to stderr.
 *
 * @param settings of the process
 * @param log gets a line when the store fails later
 * @returns `undefined` when it cannot be used
 */
export async function openOrReport(
  settings: Settings,
  log: Logger,
): Promise<OpenLedger | undefined> {
  try {
    const ledger = await openLedger(settings.ledger, log);
    ledger.prepare(namesOf(settings));
    return ledger;
  } catch (error) {
    if (!(error instanceof LedgerFileError || error instanceof StoreFaultError)) throw error;
    writeText(STDERR, `signway: ${error.message}\n`);
    return undefined;
  }
}

/**
 * Opens the ledger of a worker. The supervisor has it, unless it is in servers, which a worker reaches itself.
 *
 * @param settings of the worker
 * @param supervisor the connection
 * @param log gets a line when the store fails later
 */
export async function openInWorker(
  settings: Settings,
  { askLedger, askRevocations }: SupervisorConnection,
  log: Logger,
): Promise<OpenLedger | undefined> {
  if (ledgerServers(settings.ledger)) return openOrReport(settings, log);
  return {
    store: new RemoteStore(askLedger),
    revocations: remoteRevocations(askRevocations),
    prepare() {},
    close() {},
  };
}

/**
 * Begins to follow what is revoked. Without a token for the admin API nothing can be revoked in the memory of this
 * process; in a file or servers something may be.
 *
 * @param settings of the process
 * @param ledger the open ledger
 * @param servesRequests whether this process serves requests. Default: yes
 * @returns `undefined` when nothing can be revoked
 */
export async function followRevocations(
  { adminToken, ledger: location }: Settings,
  { revocations: store }: OpenLedger,
  servesRequests = true,
): Promise<Revocations | undefined> {
  if (adminToken === undefined && location === MEMORY_LEDGER) return undefined;
  const revocations = createRevocations({
    store,
    timers: new TimerWheel(),
    now: Date.now,
    ...(servesRequests && { process: crypto.randomUUID() }),
  });
  await revocations.start();
  return revocations;
}

/**
 * The names under which apps and routes have counters.
 *
 * @param settings of the process
 */
export function namesOf({ apps, routes }: Settings): string[] {
  return [...apps.map(({ id }) => id), ...routes.map(({ path }) => path)];
}
