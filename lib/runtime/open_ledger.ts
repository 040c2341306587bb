import { ledgerFile } from "../config/ledger_location.ts";
import { MemoryStore } from "../gateway/ledger/memory/memory_store.ts";
import type { LedgerStore } from "../gateway/ledger/store.ts";
import { SqliteStore } from "./ledger/sqlite_store.ts";
import type { Logger } from "./observe/log.ts";

export { LedgerFileError } from "./ledger/ledger_file_error.ts";

/** The store of this process, for itself or for its workers. */
export interface OpenLedger {
  store: LedgerStore;
  /** Writes what waits, and closes the file. Failures are logged. */
  close: () => void;
}

/**
 * Opens the store of the ledger.
 *
 * @param location the setting `ledger`
 * @param log gets a line when the file cannot be written
 * @throws LedgerFileError when the file cannot be used
 */
export function openLedger(location: string, log: Logger): OpenLedger {
  const path = ledgerFile(location);
  if (path === undefined) return { store: new MemoryStore(), close() {} };
  const onFailure = (code: string) =>
    log.error({ code: "ledger_unavailable", reason: code }, "the ledger cannot be read or written");
  const store = new SqliteStore(path, { onFailure });
  return {
    store,
    close() {
      try {
        store.close();
      } catch (error) {
        const { code } = error as { code?: unknown };
        log.error(
          { code: "ledger_unavailable", reason: String(code) },
          "the ledger was not closed",
        );
      }
    },
  };
}
