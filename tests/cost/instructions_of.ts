import { PLANTED } from "./planted.ts";
import { WORKS } from "./work.ts";

// Under callgrind: does works, each as often as is said after its name.
const given = process.argv.slice(2);
for (let index = 0; index < given.length; index += 2) {
  const { prepare } = WORKS[given[index]!]!;
  for (const run of await prepare(Number(given[index + 1]), PLANTED.nothing)) await run();
}
