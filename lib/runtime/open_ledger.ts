import { ledgerFile, ledgerServers } from "../config/ledger/ledger_location.ts";
import { type RedisLocation, shownLocation } from "../config/ledger/redis_location.ts";
import { MemoryStore } from "../gateway/ledger/memory/memory_store.ts";
import { MemoryRevocations } from "../gateway/ledger/revocation/memory_revocations.ts";
import type { RevocationStore } from "../gateway/ledger/revocation/revocation_store.ts";
import type { LedgerStore } from "../gateway/ledger/store.ts";
import { openRedisStore } from "./ledger/redis/open_redis_store.ts";
import { SqliteStore } from "./ledger/sqlite/sqlite_store.ts";
import type { UsageStore } from "../gateway/ledger/usage_store.ts";
import type { Logger } from "./observe/log.ts";

export { LedgerFileError } from "./ledger/sqlite/ledger_file_error.ts";
export { serverErrorCode } from "./ledger/redis/server_errors.ts";
export { STORE_FAULTS, StoreFaultError } from "./ledger/redis/store_fault_error.ts";

const ticks = () => performance.now();

/** The store of this process, for itself or for its workers. */
export interface OpenLedger {
  store: LedgerStore;
  revocations: RevocationStore;
  /** The usage that the gateways of the ledger share. Absent: it is not shared. */
  usage?: UsageStore;
  /** Notes which apps there are, so that their first tokens are not older than their birth. */
  prepare: (apps: readonly string[]) => void;
  /** Writes what waits, and closes the file or the connections. Failures are logged. */
  close: () => void;
}

/**
 * Opens the store of the ledger. One in servers that cannot be reached goes on trying.
 *
 * @param location the setting `ledger`
 * @param log gets a line when the file cannot be written, or the servers cannot be reached
 * @throws LedgerFileError when the file cannot be used
 * @throws StoreFaultError when a server cannot have the ledger
 */
export async function openLedger(location: string, log: Logger): Promise<OpenLedger> {
  const servers = ledgerServers(location);
  if (servers) return openServers(servers, log);
  const path = ledgerFile(location);
  if (path === undefined) {
    const revocations = new MemoryRevocations();
    const store = new MemoryStore({ ticks });
    return { store, revocations, prepare() {}, close() {} };
  }
  return openFile(path, log);
}

function openServers(servers: RedisLocation, log: Logger): Promise<OpenLedger> {
  const ledger = shownLocation(servers);
  return openRedisStore(servers, {
    onFailure: (reason) =>
      log.error({ code: "ledger_unavailable", reason, ledger }, "the ledger cannot be used"),
    onRecovery: () => log.info({ ledger }, "the ledger can be used again"),
  });
}

function openFile(path: string, log: Logger): OpenLedger {
  const onFailure = (code: string) =>
    log.error({ code: "ledger_unavailable", reason: code }, "the ledger cannot be read or written");
  const store = new SqliteStore(path, { ticks, onFailure });
  return {
    store,
    revocations: store.revocations,
    prepare() {},
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
