import type { Database } from "bun:sqlite";
import { MemoryRevocations } from "../../../gateway/ledger/revocation/memory_revocations.ts";
import {
  KEPT_EXPIRED_MS,
  type Revocation,
  revocationKey,
} from "../../../gateway/ledger/revocation/revocation.ts";

const TABLE =
  "CREATE TABLE IF NOT EXISTS revoked(key TEXT PRIMARY KEY, state TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID";

/**
 * Revocations in the file of a ledger. A change counts when it is on the disk.
 *
 * @param database the open file
 * @param now returns the current time in milliseconds since the epoch
 */
export function fileRevocations(database: Database, now: () => number): MemoryRevocations {
  database.run(TABLE);
  const select = database.query<{ state: string }, [number]>(
    "SELECT state FROM revoked WHERE expires > ?",
  );
  const insert = database.query<null, [string, string, number]>(
    "INSERT OR REPLACE INTO revoked(key, state, expires) VALUES (?, ?, ?)",
  );
  const clean = database.query<null, [number]>("DELETE FROM revoked WHERE expires <= ?");
  const write = database.transaction((changes: readonly Revocation[]) => {
    clean.run(now() - KEPT_EXPIRED_MS);
    for (const change of changes) {
      insert.run(revocationKey(change), JSON.stringify(change), change.until);
    }
  });
  const kept = select
    .all(now() - KEPT_EXPIRED_MS)
    .map(({ state }) => JSON.parse(state) as Revocation);
  return new MemoryRevocations({
    now,
    kept: kept.sort((one, other) => one.at - other.at),
    keep(changes) {
      database.run("PRAGMA synchronous = FULL");
      try {
        write.immediate(changes);
      } finally {
        database.run("PRAGMA synchronous = NORMAL");
      }
    },
  });
}
