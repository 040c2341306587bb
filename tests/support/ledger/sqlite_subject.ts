import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqliteStore } from "../../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import type { SubjectKind } from "./subject.ts";

// Thousands of files are created, and none of them has to survive a power cut.
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** The store in a file of SQLite. */
export const sqliteSubject: SubjectKind = {
  name: "sqlite",
  restarts: ["reopen", "move", "forget"],
  start(clock) {
    const folder = mkdtempSync(join(FOLDER, "signway-ledger-"));
    const path = join(folder, "ledger.db");
    const open = () => new SqliteStore(path, { now: () => clock.now, boot: "boot" });
    const subject = {
      store: open(),
      restart(how: string) {
        subject.store.close();
        if (how === "forget") rmSync(path);
        if (how === "move") moveToAnotherInode(path);
        subject.store = open();
      },
      close() {
        subject.store.close();
        rmSync(folder, { recursive: true });
      },
    };
    return subject;
  },
};

function moveToAnotherInode(path: string): void {
  copyFileSync(path, `${path}.copy`);
  renameSync(`${path}.copy`, path);
}
