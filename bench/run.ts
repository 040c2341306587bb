import { parseArgs } from "node:util";
import { renderDocument } from "./report/document.ts";
import { loadAverage } from "./report/machine.ts";
import type { Effort, Result } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/mod.ts";

const HELP = `bun run bench [SCENARIO]... [--rounds N] [--quick] [--write]

Measures Signway beside its peers and prints the result as Markdown. Without a name, all of

${Object.entries(SCENARIOS)
  .map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`)
  .join("\n")}

  --rounds N  how often each case is measured (5)
  --quick     only the cases that the targets speak of, and smaller
  --smoke     one tiny round without a warm-up: whether it works
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
const { quick, smoke } = values;
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
const rounds = Number(values.rounds ?? (smoke ? 1 : 5));
const isSound = Number.isSafeInteger(rounds) && rounds > 0;

if (values.help) {
  process.stdout.write(HELP);
} else if (!isSound || names.some((name) => !Object.hasOwn(SCENARIOS, name))) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  await measure({ rounds, seconds: 1, quick, smoke, log });
}

async function measure(effort: Effort): Promise<void> {
  const [start, before] = [performance.now(), loadAverage()];
  const results: Record<string, Result> = {};
  for (const name of names) {
    effort.log(`== ${name}`);
    results[name] = await SCENARIOS[name]!.run(effort);
  }
  const took = Math.round((performance.now() - start) / 1000);
  const run = { effort, took, load: `${before} before, ${loadAverage()} after` };
  process.stdout.write(renderDocument(results, run));
}
