import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRedisLocation } from "../../../../lib/config/ledger/redis_location.ts";
import { MemoryRevocations } from "../../../../lib/gateway/ledger/revocation/memory_revocations.ts";
import type { RevocationStore } from "../../../../lib/gateway/ledger/revocation/revocation_store.ts";
import { openRedisStore } from "../../../../lib/runtime/ledger/redis/open_redis_store.ts";
import { fileRevocations } from "../../../../lib/runtime/ledger/sqlite/file_revocations.ts";
import { storePrograms } from "../redis/store_programs.ts";
import { StoreServer } from "../redis/store_server.ts";

/** A store, and what can be done to it. */
export interface StoreUnderTest extends AsyncDisposable {
  store: RevocationStore;
  /** Makes it forget everything. */
  lose: () => Promise<void>;
  /** Starts it again with what it keeps. Absent: it keeps nothing. */
  reopen?: () => Promise<void>;
}

/** A kind of store. */
export interface StoreKind {
  name: string;
  open: () => Promise<StoreUnderTest>;
}

/** A store that stands for whichever is open. */
function switching(first: RevocationStore): {
  store: RevocationStore;
  use: (next: RevocationStore) => void;
} {
  let current = first;
  return {
    store: { sync: (request) => current.sync(request) },
    use: (next) => void (current = next),
  };
}

async function openMemory(): Promise<StoreUnderTest> {
  const { store, use } = switching(new MemoryRevocations());
  return {
    store,
    lose: async () => use(new MemoryRevocations()),
    async [Symbol.asyncDispose]() {},
  };
}

async function openFile(): Promise<StoreUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "signway-revoked-"));
  let number = 0;
  let database = new Database(join(folder, "0.db"));
  const { store, use } = switching(fileRevocations(database, Date.now));
  const open = (name: string) => {
    database.close();
    database = new Database(join(folder, name));
    use(fileRevocations(database, Date.now));
  };
  return {
    store,
    lose: async () => open(`${++number}.db`),
    reopen: async () => open(`${number}.db`),
    async [Symbol.asyncDispose]() {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** All kinds of stores that this machine has. */
export async function storeKinds(): Promise<StoreKind[]> {
  const servers = (await storePrograms()).map((program) => ({
    name: program.name,
    async open(): Promise<StoreUnderTest> {
      const server = await StoreServer.start({ program });
      const location = parseRedisLocation(server.url);
      if ("mistake" in location) throw new Error(location.mistake);
      const events = { onFailure() {}, onRecovery() {} };
      const { revocations, close } = await openRedisStore(location, events);
      return {
        store: revocations,
        lose: async () => void (await server.ask("FLUSHALL")),
        async [Symbol.asyncDispose]() {
          close();
          await server[Symbol.asyncDispose]();
        },
      };
    },
  }));
  return [{ name: "memory", open: openMemory }, { name: "a file", open: openFile }, ...servers];
}
