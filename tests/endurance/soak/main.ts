// `bun run soak [--seconds 120] [--seed N] [--workers 1|2]`: docs/reliability.md says what it does.
import { parseArgs } from "node:util";
import { report } from "./report.ts";
import { runSoak } from "./soak.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    workers: { type: "string", default: "1" },
  },
});

const [seconds, seed, workers] = [values.seconds, values.seed, values.workers].map((text) => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new TypeError(`not a plain number: ${JSON.stringify(text)}`);
}) as [number, number, number];

console.log(`soak: --seconds ${seconds} --seed ${seed} --workers ${workers}\n`);
const { text, failed } = report(await runSoak({ seconds, seed, workers }), workers);
console.log(text);
// Timers of connections that were left behind would hold the process for a while.
process.exit(failed ? 1 : 0);
