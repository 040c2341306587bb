import { startLedgerInRedis } from "../ledger/ledger_in_redis.ts";
import { type Counting, countedRequest } from "../ledger/requests.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { interleave } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const TOKENS = 1_000;

/** One way to reserve and settle. */
interface Case {
  counting: Counting;
  /** The number of reservations in one turn of the event loop, and of settlements in another. */
  atOnce: number;
}

const CASES: Case[] = [1, 32].flatMap((atOnce) =>
  ([1, 3, 9] as const).map((counting) => ({ counting, atOnce })),
);

function caseName({ counting, atOnce }: Case): string {
  const counters = counting === 1 ? "1 counter" : `${counting} counters`;
  return `${counters}, ${atOnce === 1 ? "alone" : `${atOnce} at once`}`;
}

async function measure({ counting, atOnce }: Case, ms: number): Promise<Record<string, number>> {
  await using server = await startLedgerInRedis();
  const { ledger, pid, issuedAt } = server;
  const requests = Array.from({ length: TOKENS }, (_, token) =>
    countedRequest(counting, token, issuedAt),
  );
  let pairs = 0;
  const runFor = async (time: number) => {
    const deadline = performance.now() + time;
    do {
      const made = Array.from({ length: atOnce }, (_, index) =>
        ledger.reserve(requests[(pairs + index) % TOKENS]!),
      );
      for (const one of await Promise.all(made)) one.settle({ tokens: 50, cost: 50 });
      pairs += atOnce;
    } while (performance.now() < deadline);
  };
  await runFor(ms / 2);
  pairs = 0;
  const [own, other] = [process.cpuUsage(), cpuTime(pid)];
  await runFor(ms);
  const { user, system } = process.cpuUsage(own);
  const store = (cpuTime(pid) - other) / pairs;
  return { gateway: (user + system) / pairs, store, core: 1e6 / store };
}

export const ledgerRedis: Scenario = {
  summary: "CPU time of a gateway and of Redis to reserve and settle in a ledger",
  async run({ rounds, seconds, smoke, log }) {
    const ms = smoke ? 10 : seconds * 500;
    const samples = await interleave(rounds, CASES, async (one) => {
      const sample = await measure(one, ms);
      log(
        `${caseName(one)}: ${sample["gateway"]!.toFixed(1)} µs and ${sample["store"]!.toFixed(1)} µs`,
      );
      return sample;
    });
    const valuesOf = (one: Case, key: string) => samples.get(one)!.map((sample) => sample[key]!);
    return {
      title: "The ledger in Redis",
      text: `One gateway process and one Redis on the same machine, without HTTP and for one app. *Pairs a second* is what one core of
Redis could do: a million divided by its CPU time. 1 counter: uses of a token. 3: also its LLM tokens and places. 9: also
three of its end user and three of the app.`,
      quantities: [
        { key: "gateway", label: "µs of CPU in the gateway" },
        { key: "store", label: "µs of CPU in Redis" },
        { key: "core", label: "pairs a second of one core" },
      ],
      references: [],
      groups: [
        {
          title: "a reservation and its settlement",
          series: CASES.map((one) => ({
            name: caseName(one),
            samples: {
              gateway: valuesOf(one, "gateway"),
              store: valuesOf(one, "store"),
              core: valuesOf(one, "core"),
            },
          })),
        },
      ],
    };
  },
};
