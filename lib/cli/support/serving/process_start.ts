import type { Settings } from "../../../config/settings.ts";
import type { Revocations } from "../../../gateway/ledger/revocation/revocations.ts";
import type { LedgerStore } from "../../../gateway/ledger/store.ts";
import type { UsageStore } from "../../../gateway/ledger/usage_store.ts";
import type { Logger } from "../../../runtime/observe/log.ts";
import type { LogQueue } from "../../../runtime/observe/log_queue.ts";
import type { OpenLedger } from "../../../runtime/open_ledger.ts";
import type { HangUps } from "../../../runtime/process/hang_ups.ts";
import type { LoadedSettings } from "../../../runtime/reload.ts";
import { followRevocations, namesOf } from "./open_ledger.ts";

/** The things that a process needs to start serving. */
export interface Start {
  settings: Settings;
  /** The state of the files that the settings were read from, from `stateOfFiles`. */
  state: string;
  /** Reads the settings again. */
  load: () => LoadedSettings;
  /** Tells of each SIGHUP. */
  hangUps: HangUps;
  log: Logger;
  /** Writes the lines of the log to stdout. */
  queue: LogQueue;
  /** Where the counters of limits are. */
  store: LedgerStore;
  /** The revoked credentials; `undefined` when none can be revoked. */
  revocations: Revocations | undefined;
  /** The usage that gateways share. */
  usage: UsageStore | undefined;
}

/**
 * Prepares a process to start serving. Settings that are read again may have further apps, which the ledger then learns.
 *
 * @param ledger the open ledger
 * @param settings of the process
 * @param parts the state of their files, how and when settings are read again, and the log
 */
export async function prepareStart(
  ledger: OpenLedger,
  settings: Settings,
  { load, state, hangUps, log, queue }: Pick<Start, "load" | "state" | "hangUps" | "log" | "queue">,
): Promise<Start> {
  const { store, usage, prepare } = ledger;
  const loadAndPrepare = () => {
    const loaded = load();
    prepare(namesOf(loaded.settings));
    return loaded;
  };
  const revocations = await followRevocations(settings, ledger);
  const loading = { state, load: loadAndPrepare, hangUps };
  return { settings, ...loading, log, queue, store, revocations, usage };
}
