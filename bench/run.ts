import { parseArgs } from "node:util";
import { renderDocument } from "./report/document.ts";
import { loadAverage } from "./report/machine.ts";
import type { Effort, Result, Scenario } from "./scenario.ts";
import { smallGet, smallPost } from "./scenarios/small_requests.ts";
import { streams } from "./scenarios/streams.ts";
import { verify } from "./scenarios/verify.ts";

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  small_get: smallGet,
  small_post: smallPost,
  streams,
  verify,
};

const HELP = `bun run bench [-- --only SCENARIO]... [--rounds N] [--seconds N] [--quick]

Measures Signway beside its peers and prints the result as Markdown.

${Object.entries(SCENARIOS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join("\n")}

  --only SCENARIO  one scenario; repeatable. Default: all of them
  --rounds N       how often each case is measured (5)
  --seconds N      how long a measurement of a server takes (1)
  --quick          only the cases that the targets speak of
  --smoke          one tiny round without a warm-up: whether it works
`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    seconds: { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
const { quick, smoke, only: names = Object.keys(SCENARIOS) } = values;
const rounds = Number(values.rounds ?? (smoke ? 1 : 5));
const seconds = Number(values.seconds);
const isSound = [rounds, seconds].every((count) => Number.isSafeInteger(count) && count > 0);

if (values.help) {
  process.stdout.write(HELP);
} else if (!isSound || names.some((name) => !Object.hasOwn(SCENARIOS, name))) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  await measure({ rounds, seconds, quick, smoke, log });
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
