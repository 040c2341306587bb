import { parseArgs } from "node:util";
import { memorySubject } from "./memory_subject.ts";
import { compareWithModel } from "./compare_with_model.ts";
import { sqliteSubject } from "./sqlite_subject.ts";

// Runs random lists of commands through every store and the model: `bun run schedules --count 200000`.

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string" },
    store: { type: "string" },
  },
});

for (const kind of [memorySubject, sqliteSubject]) {
  if (values.store !== undefined && values.store !== kind.name) continue;
  const start = performance.now();
  const runs = await compareWithModel(kind, {
    count: Number(values.count),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${kind.name}: ${runs} lists in ${seconds} s, no difference`);
}
