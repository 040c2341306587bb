import { EarlyEnd } from "../../lib/gateway/delivery/early_end.ts";
import { MemoryRevocations } from "../../lib/gateway/ledger/revocation/memory_revocations.ts";
import {
  createRevocations,
  type Revocations,
} from "../../lib/gateway/ledger/revocation/revocations.ts";
import type { Admission } from "../../lib/gateway/model/grant.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { ActivityRelay } from "../../lib/runtime/admin/activity/relay.ts";
import type { CountedRecord } from "../../lib/runtime/admin/activity/usage.ts";

/** Exchanges of one run: what is done for one is too little to be counted by itself. */
const EXCHANGES = 10;
const SUBJECTS = 16;

/** Revocations that a gateway follows. */
export function followed(): Revocations {
  const parts = { store: new MemoryRevocations(), timers: new TimerWheel(), now: Date.now };
  return createRevocations(parts);
}

/** What counts exchanges for the admin API. */
export function activityRelay(): ActivityRelay {
  // A clock that runs would hand on more often the slower the machine is.
  return new ActivityRelay({ send: () => {}, now: () => 0 });
}

/**
 * Prepares what the admin API alone does for exchanges: each is registered, may be ended, and is counted.
 *
 * @param runs how many runs there will be, of ten exchanges each
 * @param planted done in each of them
 */
export async function sharesOfTheApi(
  runs: number,
  planted: () => void,
): Promise<Array<() => Promise<void>>> {
  const { open } = followed();
  const relay = activityRelay();
  const records = Array.from({ length: SUBJECTS }, (_, index) => recordOf(`user-${index}`));
  const cancel = new AbortController();
  const run = async () => {
    planted();
    for (let i = 0; i < EXCHANGES; i++) {
      const record = records[i % SUBJECTS]!;
      let end = () => {};
      const onEnd = (callback: () => void) => void (end = callback);
      const exchange = { requestId: record.requestId, record, age: 0, onEnd };
      const opened = open.register(exchange, ADMISSION);
      opened.assertOpen();
      opened.endWith(new EarlyEnd(cancel));
      end();
      relay.observe(record);
    }
    if (open.all.length > 0) throw new Error("an exchange is still open");
  };
  return Array.from({ length: runs }, () => run);
}

const ADMISSION = {
  grant: {
    principal: { id: "an-app" },
    credential: { scheme: "token", subject: "user-0", issuedAt: 0 },
  },
} as Admission;

function recordOf(subject: string): CountedRecord {
  return {
    ...{ app: "an-app", subject, requestId: "r", method: "GET", status: 200, outcome: "complete" },
    ...{ verifyMs: 0.2, rule: "127.0.0.1", headMs: 1.5, bytesIn: 0, bytesOut: 120 },
  };
}
