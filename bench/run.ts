import { parseArgs } from "node:util";
import { loadAverage } from "./machine.ts";
import { renderReport, type Section } from "./report.ts";
import type { Effort, Scenario } from "./scenario.ts";
import { smallGet } from "./scenarios/small_get.ts";
import { streams } from "./scenarios/streams.ts";
import { verify } from "./scenarios/verify.ts";

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  small_get: smallGet,
  verify,
  streams,
};

const HELP = `bun run bench [SCENARIO]... [--rounds N] [--seconds N] [--write FILE]

Measures Signway beside its peers and prints the result as Markdown.
Without a SCENARIO, all of them:

${Object.entries(SCENARIOS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join("\n")}

  --rounds N    how often each case is measured (7)
  --seconds N   how long a measurement of a server takes (3; 60 in streams)
  --streams N   how many event streams are open at once (5000)
  --write FILE  writes the result to FILE too
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "3" },
    streams: { type: "string" },
    write: { type: "string" },
    help: { type: "boolean" },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const sound = [rounds, seconds].every((count) => Number.isSafeInteger(count) && count > 0);

if (values.help) {
  process.stdout.write(HELP);
} else if (!sound || names.some((name) => !Object.hasOwn(SCENARIOS, name))) {
  process.stderr.write(HELP);
  process.exitCode = 2;
} else {
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  const report = await measure(names, { rounds, seconds, log });
  process.stdout.write(report);
  if (values.write) await Bun.write(values.write, report);
}

async function measure(scenarios: readonly string[], effort: Effort): Promise<string> {
  const before = loadAverage();
  const sections: Section[] = [];
  for (const name of scenarios) sections.push(await SCENARIOS[name]!.run(effort));
  return renderReport(sections, `${before} before, ${loadAverage()} after`);
}
