// Every check of the project, in order: `bun tests/run.ts`, or `bun tests/run.ts quick` for the fast
// ones. It runs before anything is installed, so it imports nothing but Node's own modules.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { countsIn, failuresIn, type Failure } from "./support/test_output.ts";

const ROOT = dirname(import.meta.dirname);
const CACHE = `${ROOT}/.cache`;

/** Run one file after the other, because they measure the machine or use all of it. */
const ALONE = [
  "tests/cost/cost_test.ts",
  ...["leaving_clients", "many_streams", "slow_heads", "stalled_readers", "stdout"].map(
    (name) => `tests/endurance/faults/${name}_test.ts`,
  ),
  "tests/endurance/soak/",
  "tests/operations/bench/",
  "tests/server/unverified/",
];

/** Files that wait for most of their time: they run one after the other, beside the parallel ones. */
const WAITING = [
  "tests/clients/credentials/early_expiry_test.ts",
  "tests/clients/dashboard/dashboard_test.ts",
  "tests/endurance/faults/silence_test.ts",
  "tests/operations/deploy/fleet/fleet_test.ts",
  "tests/operations/doctor/doctor_test.ts",
  "tests/server/admin/revocations_test.ts",
  "tests/server/admin/shared_usage_test.ts",
  "tests/server/limits/shared/moved_store_test.ts",
  "tests/server/receipts/kills_test.ts",
];

/** The fast tests: units, and raw sockets against a started server. */
const QUICK = [
  "tests/architecture_test.ts",
  "tests/server/",
  "tests/support/",
  "tests/test_files_test.ts",
  "tests/unit/",
];

/** Folders among them that are slow, or start a process for each test. */
const SLOW = [
  "tests/server/admin/**",
  "tests/server/admin/revocations_test.ts",
  "tests/server/admin/schema_test.ts",
  "tests/server/apps/rotation_test.ts",
  "tests/server/limits/**",
  "tests/server/reload/**",
  "tests/server/unverified/**",
  "tests/unit/cli/**",
  "tests/unit/gateway/ledger/random/**",
  "tests/unit/runtime/**",
];

/** What `bun` is called with to check format and types, one step each. */
const CHECKS = [
  ["install", "--frozen-lockfile"],
  ["install", "--frozen-lockfile", "--cwd", "tests/clients"],
  ["install", "--frozen-lockfile", "--cwd", "tests/clients/matrix"],
  ["install", "--frozen-lockfile", "--cwd", "tests/clients/mcp"],
  ["install", "--frozen-lockfile", "--cwd", "docs/book"],
  ["install", "--frozen-lockfile", "--cwd", "bench"],
  ["install", "--frozen-lockfile", "--cwd", "examples/demo"],
  ["fmt", "--check"],
  ["check"],
  // Bun runs no install scripts of packages; this launcher finds Deno's binary without one.
  [
    "tests/clients/node_modules/deno/bin.cjs",
    "check",
    "--no-lock",
    "lib/mod.ts",
    "lib/signing/mod.ts",
    "lib/signing/explain.ts",
    "lib/signing/signed_fetch.ts",
    "lib/signing/verify.ts",
  ],
];

const TEST = ["test", "--no-orphans", "--timeout", "60000"];

// Two processes, each with one test file at a time. The files that were slowest last time start first.
const PARALLEL = ["--parallel=2", `--timings=${CACHE}/test_timings.json`, "--update-timings"];

const APART = ignoring([...ALONE, ...WAITING].map((path) => `${path}**`));

/** Runs of `bun test` that begin together, each by its arguments. */
type Step = readonly (readonly string[])[];
const FULL_TESTS: readonly Step[] = [[[...PARALLEL, ...APART], WAITING], [ALONE]];
const QUICK_TESTS: readonly Step[] = [[[...PARALLEL, ...ignoring(SLOW), ...QUICK]]];

const ENVIRONMENT = {
  ...process.env,
  DENO_DIR: `${CACHE}/deno`,
  DENO_NO_UPDATE_CHECK: "1",
};

/** More files than this are not run again: then it is not the other tests that disturb them. */
const MOST_RUN_AGAIN = 8;

mkdirSync(CACHE, { recursive: true });
// A path that is no longer there would silently match no test.
for (const path of [...ALONE, ...WAITING, ...QUICK]) {
  if (!existsSync(`${ROOT}/${path}`)) throw new Error(`there is no ${path}`);
}
for (const args of CHECKS) {
  const { code } = await run(args);
  if (code !== 0) process.exit(code);
}
process.exit(await runTests(process.argv[2] === "quick" ? QUICK_TESTS : FULL_TESTS));

/**
 * Runs every step, the ones after a failure too. Prints what failed and, last, the sum of the counts.
 *
 * @returns the first exit code that is not 0, or 0; also 0 when what failed passed in {@link runAgain}
 */
async function runTests(steps: readonly Step[]): Promise<number> {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const failures: Failure[] = [];
  let code = 0;
  for (const step of steps) {
    const runs = await Promise.all(step.map((args) => run([...TEST, ...args])));
    for (const { code: codeOfRun, errors } of runs) {
      const counts = countsIn(errors);
      sum.passed += counts.passed;
      sum.failed += counts.failed;
      sum.skipped += counts.skipped;
      failures.push(...failuresIn(errors));
      code ||= codeOfRun;
    }
  }
  // A failure without a file to run again stays a failure.
  const again = failures.length > 0 && failures.length >= sum.failed;
  if (again) code = await runAgain(failures);
  for (const { file, text } of failures) {
    console.log(`\n== ${code === 0 ? "passed only when run again" : "failed"}: ${file}\n${text}`);
  }
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  if (again && code === 0) console.log("All that failed passed when it was run again, alone.");
  return code;
}

/**
 * Runs the files with failures once more, one after the other with nothing beside them, because
 * some tests wait for what a busy machine is late with.
 *
 * @returns the exit code of that run, or 1 when there are too many files for it
 */
async function runAgain(failures: readonly Failure[]): Promise<number> {
  const files = [...new Set(failures.map(({ file }) => file))];
  if (files.length > MOST_RUN_AGAIN) return 1;
  const { code, errors } = await run([...TEST, ...files]);
  const { passed, failed, skipped } = countsIn(errors);
  console.log(`\nrun again: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  return code;
}

/** Runs `bun` with its output shown as it comes; what it writes to stderr is kept as well. */
async function run(args: readonly string[]): Promise<{ code: number; errors: string }> {
  console.log(`\n== bun ${args.join(" ")}`);
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: ENVIRONMENT,
    stdio: ["ignore", "inherit", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    process.stderr.write(chunk);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) console.log(`\nfailed: bun ${args.join(" ")} (exit ${code})`);
  return { code, errors: Buffer.concat(chunks).toString() };
}

function ignoring(patterns: readonly string[]): string[] {
  return patterns.map((pattern) => `--path-ignore-patterns=${pattern}`);
}
