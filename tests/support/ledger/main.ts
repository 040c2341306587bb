import { parseArgs } from "node:util";
import { compareWithModel } from "./compare_with_model.ts";
import { memorySubject } from "./memory_subject.ts";
import { startRedisSubjects } from "./redis/redis_subject.ts";
import { simulate } from "./simulation/simulate.ts";
import { sqliteSubject } from "./sqlite_subject.ts";

// Runs random lists of commands through each store and the model, and then random schedules through a simulation:
// `bun run schedules --count 200000`. With `--only memory`, `sqlite`, `simulation` or `redis`, one of them; `redis`
// does both with Redis and Valkey, and a tenth as many schedules.

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string" },
    only: { type: "string" },
  },
});

const effort = {
  count: Number(values.count),
  ...(values.seed !== undefined && { seed: Number(values.seed) }),
};

const parts = {
  memory: () => compareWithModel(memorySubject, effort),
  sqlite: () => compareWithModel(sqliteSubject, effort),
  simulation: async () => (await simulate(effort)).schedules,
  redis: runRedis,
};

for (const [name, run] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  const start = performance.now();
  const count = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${name}: ${count} in ${seconds} s, and everything held`);
}
process.exit(0);

async function runRedis(): Promise<number> {
  await using subjects = await startRedisSubjects();
  let count = 0;
  for (const kind of subjects.kinds) {
    count += await compareWithModel(kind, effort);
    const fewer = { ...effort, count: Math.ceil(effort.count / 10) };
    count += (await simulate(fewer, kind)).schedules;
  }
  return count;
}
