// `bun run fuzz [--seconds 60] [--seed N]`: docs/reliability.md says what it does.
import { parseArgs } from "node:util";
import { createRandom } from "../../unit/signing/random.ts";
import type { FuzzResult } from "./findings.ts";
import { fuzzFrontDoor } from "./front_door.ts";
import { fuzzHeaderVerifier } from "./header_verifier.ts";
import { fuzzUrlVerifier } from "./url_verifier.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
});

const [seconds, seed] = [values.seconds, values.seed].map((text) => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new TypeError(`not a plain number: ${JSON.stringify(text)}`);
}) as [number, number];

console.log(`fuzz: --seconds ${seconds} --seed ${seed}\n`);
const results: FuzzResult[] = [];
for (const [fuzz, share] of [
  [fuzzUrlVerifier, 0.3],
  [fuzzHeaderVerifier, 0.1],
  [fuzzFrontDoor, 0.6],
] as const) {
  const deadline = performance.now() + seconds * share * 1000;
  results.push(await fuzz(createRandom(seed), () => performance.now() > deadline));
}

for (const { part, cases, counts } of results) {
  console.log(`${part}: ${cases} cases`);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  for (const [name, count] of sorted) console.log(`  ${name}: ${count}`);
}
const findings = results.flatMap((result) => result.findings);
for (const { what, input } of findings) console.log(`FINDING ${what}\n  ${JSON.stringify(input)}`);
console.log(`findings: ${findings.length}`);
process.exit(findings.length > 0 ? 1 : 0);
