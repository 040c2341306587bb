import { realpathSync } from "node:fs";
import { join } from "node:path";

// Without a compiler on threads of its own and without a collector, what runs is what the code says,
// and the same every time. Without its timer Bun does not look after the collector either.
const STEADY = { BUN_JSC_useJIT: "0", BUN_JSC_useGC: "0", BUN_GC_TIMER_DISABLE: "1" };

const FEW = 20;
const MANY = 620;

/**
 * Counts the instructions of works with valgrind, by the difference between a process that does one of
 * them more often and a process that does not: what the start costs is in both.
 *
 * @param names of the works
 * @returns thousands of instructions that one run of each takes, interpreted
 */
export async function countInstructions(names: readonly string[]): Promise<Record<string, number>> {
  const few = names.map(() => FEW);
  const [base, ...more] = await Promise.all([
    total(names, few),
    ...names.map((_, index) => total(names, few.with(index, MANY))),
  ]);
  const each = more.map((all) => Math.round((all - base!) / (MANY - FEW) / 100) / 10);
  return Object.fromEntries(names.map((name, index) => [name, each[index]!]));
}

/** The instructions of a process that does each work as often as is said. */
async function total(names: readonly string[], times: readonly number[]): Promise<number> {
  const program = join(import.meta.dir, "instructions_of.ts");
  const valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
  const bun = realpathSync(process.execPath);
  const works = names.flatMap((name, index) => [name, `${times[index]}`]);
  const child = Bun.spawn([...valgrind, bun, program, ...works], {
    env: { ...process.env, ...STEADY },
    stdout: "inherit",
    stderr: "pipe",
  });
  const said = await new Response(child.stderr).text();
  const count = Number(/Collected : (\d+)/.exec(said)?.[1]);
  if ((await child.exited) !== 0 || !(count > 0)) throw new Error(`callgrind:\n${said}`);
  return count;
}
