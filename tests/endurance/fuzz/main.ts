// `bun run fuzz [--seconds 60] [--seed N] [--part NAME]...`: docs/reliability.md says what it does.
import { parseArgs } from "node:util";
import { createRandom } from "../../support/random.ts";
import type { FuzzResult } from "./findings.ts";
import { fuzzFrontDoor } from "./front_door.ts";
import { fuzzHostHeaders } from "./host_headers.ts";
import { fuzzHeaderVerifier } from "./header_verifier.ts";
import { fuzzPolicyBodies } from "./policy_bodies.ts";
import { fuzzUpstreamResponses } from "./upstream_responses.ts";
import { fuzzTokenSlots } from "./token_slots.ts";
import { fuzzTokenVerifier } from "./token_verifier.ts";
import { fuzzUrlVerifier } from "./url_verifier.ts";

// With the share of the time that each gets.
const PARTS = {
  url_verifier: [fuzzUrlVerifier, 3],
  header_verifier: [fuzzHeaderVerifier, 1],
  token_verifier: [fuzzTokenVerifier, 2],
  token_slots: [fuzzTokenSlots, 2],
  front_door: [fuzzFrontDoor, 6],
  host_headers: [fuzzHostHeaders, 3],
  upstream_responses: [fuzzUpstreamResponses, 3],
  policy_bodies: [fuzzPolicyBodies, 3],
} as const;

type Part = keyof typeof PARTS;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    // Default: all.
    part: { type: "string", multiple: true, default: Object.keys(PARTS) },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
});

const [seconds, seed] = [values.seconds, values.seed].map((text) => {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new TypeError(`not a plain number: ${JSON.stringify(text)}`);
}) as [number, number];

const parts = values.part.map((name) => {
  if (Object.hasOwn(PARTS, name)) return PARTS[name as Part];
  throw new TypeError(`no part: ${name}; there are ${Object.keys(PARTS).join(", ")}`);
});
const shares = parts.reduce((sum, [, share]) => sum + share, 0);

console.log(`fuzz: --seconds ${seconds} --seed ${seed} --part ${values.part.join(" --part ")}\n`);
const results: FuzzResult[] = [];
for (const [fuzz, share] of parts) {
  const deadline = performance.now() + (seconds * share * 1000) / shares;
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
