import { parseArgs } from "node:util";
import { renderResults, writeDocument } from "./report/document.ts";
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
  --write     writes docs/benchmarks.md and its plots instead; of all scenarios
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
const { quick, smoke, write } = values;
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
const rounds = Number(values.rounds ?? (smoke ? 1 : 5));
const isWhole = positionals.length === 0 && !quick && !smoke;
const isValid =
  Number.isSafeInteger(rounds) &&
  rounds > 0 &&
  (isWhole || !write) &&
  names.every((name) => Object.hasOwn(SCENARIOS, name));

if (values.help) {
  process.stdout.write(HELP);
} else if (!isValid) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  await measure({ rounds, seconds: 1, quick, smoke, log });
}

async function measure(effort: Effort): Promise<void> {
  const [start, loadBefore] = [performance.now(), loadAverage()];
  const results: Record<string, Result> = {};
  for (const name of names) {
    effort.log(`== ${name}`);
    results[name] = await SCENARIOS[name]!.run(effort);
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  const run = { effort, seconds, load: `${loadBefore} before, ${loadAverage()} after` };
  if (write) await writeDocument(results, run);
  else process.stdout.write(await renderResults(results, run));
}
