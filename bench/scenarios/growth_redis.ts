import { RedisClient } from "bun";
import { startLedgerInRedis } from "../ledger/ledger_in_redis.ts";
import { countedRequest } from "../ledger/requests.ts";
import { interleave } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const NAME = "the ledger in Redis";
const COUNTS = [1_000, 100_000, 1_000_000];
const AT_ONCE = 320;

/** The bytes of Redis for each token that was used once and has not expired. */
async function grow(count: number): Promise<number> {
  await using server = await startLedgerInRedis();
  const { ledger, port, issuedAt } = server;
  const client = new RedisClient(`redis://127.0.0.1:${port}`);
  const used = async () =>
    Number(/used_memory:(\d+)/.exec(String(await client.send("INFO", ["memory"])))?.[1]);
  const before = await used();
  for (let token = 0; token < count; token += AT_ONCE) {
    const made = Array.from({ length: Math.min(AT_ONCE, count - token) }, (_, index) =>
      ledger.reserve(countedRequest(1, token + index, issuedAt)),
    );
    for (const one of await Promise.all(made)) one.settle({});
  }
  await ledger.close();
  const bytes = ((await used()) - before) / count;
  const keys = Number(await client.send("DBSIZE", []));
  client.close();
  if (keys < count) throw new Error(`${keys} keys of ${count}`);
  return bytes;
}

export const growthRedis: Scenario = {
  summary: "The memory of Redis for each live token, up to a million of them",
  async run({ rounds, smoke, log }) {
    const counts = smoke ? COUNTS.slice(0, 1) : COUNTS;
    const samples = await interleave(smoke ? rounds : 1, counts, async (count) => {
      const bytes = await grow(count);
      log(`${count} tokens: ${bytes.toFixed(0)} bytes each`);
      return bytes;
    });
    return {
      title: "Growth of the ledger in Redis",
      text: "New tokens, each of which is used once: the memory that Redis says it uses, without fragmentation.",
      quantities: [{ key: "bytes", label: "bytes for each token" }],
      references: [],
      growth: "tokens",
      groups: counts.map((count) => ({
        title: `${count.toLocaleString("en")} tokens`,
        x: count,
        series: [{ name: NAME, samples: { bytes: samples.get(count)! } }],
      })),
    };
  },
};
