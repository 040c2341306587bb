import { MemoryStore } from "../../../lib/gateway/ledger/memory/memory_store.ts";
import type { SubjectKind } from "./subject.ts";

/** The store in memory, which forgets everything when it starts again. */
export const memorySubject: SubjectKind = {
  name: "memory",
  restarts: ["forget"],
  start(clock) {
    const create = () => new MemoryStore({ now: () => clock.now });
    const subject = {
      store: create(),
      restart: () => void (subject.store = create()),
      close: () => {},
    };
    return subject;
  },
};
