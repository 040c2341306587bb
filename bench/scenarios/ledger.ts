import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLedger } from "../../lib/gateway/ledger/create_ledger.ts";
import type { Ledger } from "../../lib/gateway/ledger/ledger.ts";
import { MemoryStore } from "../../lib/gateway/ledger/memory/memory_store.ts";
import type { LedgerStore } from "../../lib/gateway/ledger/store.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { SqliteStore } from "../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import { type Counting, countedRequest } from "../ledger/requests.ts";
import { interleave } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const HOUR_MS = 3_600_000;
const HASH = "peer: SHA-256 of 100 bytes in `node:crypto`";

/** One way to reserve and settle. */
interface Case {
  name: string;
  store: "memory" | "sqlite";
  counting: Counting;
  /** The number of tokens, each of which comes in turn. */
  tokens: number;
  /** The number of reservations in one turn of the event loop, and of settlements in another. */
  atOnce: number;
}

const CASES: Case[] = [
  { name: "memory, 1 counter", store: "memory", counting: 1, tokens: 1_000, atOnce: 32 },
  { name: "memory, 3 counters", store: "memory", counting: 3, tokens: 1_000, atOnce: 32 },
  { name: "memory, 9 counters", store: "memory", counting: 9, tokens: 1_000, atOnce: 32 },
  { name: "SQLite, 1 counter, alone", store: "sqlite", counting: 1, tokens: 100, atOnce: 1 },
  { name: "SQLite, 1 counter, 32 at once", store: "sqlite", counting: 1, tokens: 100, atOnce: 32 },
  { name: "SQLite, 3 counters, 32 at once", store: "sqlite", counting: 3, tokens: 100, atOnce: 32 },
  {
    name: "SQLite, 1 counter of 10,000 tokens, 32 at once",
    store: "sqlite",
    counting: 1,
    tokens: 10_000,
    atOnce: 32,
  },
];

/** The CPU time of one reservation and its settlement in microseconds, all threads included. */
async function measure(
  one: Case,
  ledger: Ledger,
  { issuedAt, ms }: { issuedAt: number; ms: number },
) {
  const requests = Array.from({ length: one.tokens }, (_, token) =>
    countedRequest(one.counting, token, issuedAt),
  );
  const deadline = performance.now() + ms;
  const before = process.cpuUsage();
  let pairs = 0;
  do {
    const batch = Array.from({ length: one.atOnce }, (_, index) =>
      ledger.reserve(requests[(pairs + index) % one.tokens]!),
    );
    for (const made of batch) {
      const reservation = made instanceof Promise ? await made : made;
      reservation.settle({ tokens: 50, cost: 50 });
    }
    pairs += one.atOnce;
  } while (performance.now() < deadline);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / pairs;
}

async function measureCase(one: Case, folder: string, ms: number): Promise<number> {
  const born = Date.now();
  let age = 0;
  const now = () => born + age;
  const file = join(folder, `${crypto.randomUUID()}.db`);
  const sqlite = one.store === "sqlite" ? new SqliteStore(file, { now }) : undefined;
  const store: LedgerStore = sqlite ?? new MemoryStore({ now });
  // Tokens must be younger than the ledger.
  age = HOUR_MS;
  const ledger = createLedger({ store, timers: new TimerWheel() });
  const microseconds = await measure(one, ledger, { issuedAt: born + age, ms });
  await ledger.close();
  sqlite?.close();
  return microseconds;
}

function measureHash(ms: number): number {
  const deadline = performance.now() + ms;
  const before = process.cpuUsage();
  let count = 0;
  do {
    for (let index = 0; index < 1_000; index++) {
      createHash("sha256").update(`${index} `.padEnd(100, "a")).digest("hex");
    }
    count += 1_000;
  } while (performance.now() < deadline);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

export const ledger: Scenario = {
  summary: "CPU time to reserve and settle in the ledger, in memory and in a file of SQLite",
  async run({ rounds, seconds, smoke, log }) {
    const folder = mkdtempSync(join(tmpdir(), "signway-bench-ledger-"));
    const ms = smoke ? 10 : seconds * 500;
    const run = async (one: Case | undefined) => {
      const microseconds = one ? await measureCase(one, folder, ms) : measureHash(ms);
      log(`${one?.name ?? HASH}: ${microseconds.toFixed(2)} µs`);
      return microseconds;
    };
    const cases = [...CASES, undefined];
    if (!smoke) for (const one of cases) await run(one);
    const samples = await interleave(rounds, cases, run);
    rmSync(folder, { recursive: true });
    const series = cases.map((one) => ({
      name: one?.name ?? HASH,
      samples: { cpu: samples.get(one)! },
    }));
    return {
      title: "The ledger alone",
      text: `In one process, without HTTP; the CPU time of all of its threads counts: the reservation, its settlement, the
lease and, in a file, both commits. 1 counter: uses of a token. 3: also its LLM tokens and places. 9: also
three of its end user and three of the app.`,
      quantities: [{ key: "cpu", label: "µs of CPU" }],
      references: [HASH],
      groups: [{ title: "a reservation and its settlement", series }],
    };
  },
};
