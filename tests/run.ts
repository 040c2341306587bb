// Every check of the project, in order, up to the first that fails. It runs before anything is
// installed, so it imports nothing but Node's own modules.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";

const ROOT = dirname(import.meta.dirname);
const CACHE = `${ROOT}/.cache`;

/** What `bun` is called with, one step each. */
const STEPS = [
  ["install", "--frozen-lockfile"],
  ["fmt", "--check"],
  ["check"],
  // Bun runs no install scripts of packages; this launcher finds Deno's binary without one.
  [
    "node_modules/deno/bin.cjs",
    "check",
    "--no-lock",
    "lib/mod.ts",
    "lib/signing/mod.ts",
    "lib/signing/explain.ts",
    "lib/signing/signed_fetch.ts",
    "lib/signing/verify.ts",
  ],
  ["test", "--no-orphans", "--timeout", "60000"],
];

const ENVIRONMENT = {
  ...process.env,
  DENO_DIR: `${CACHE}/deno`,
  DENO_NO_UPDATE_CHECK: "1",
};

mkdirSync(CACHE, { recursive: true });
for (const args of STEPS) {
  console.log(`\n== bun ${args.join(" ")}`);
  const { code, errors } = await run(args);
  if (args[0] === "test") console.log(`\n${summary(errors)}`);
  if (code === 0) continue;
  console.log(`\nfailed: bun ${args.join(" ")} (exit ${code})`);
  process.exit(code);
}

/** Runs `bun` with its output shown as it comes; what it writes to stderr is kept as well. */
async function run(args: readonly string[]): Promise<{ code: number; errors: string }> {
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
  return { code, errors: Buffer.concat(chunks).toString() };
}

/** The counts that `bun test` prints last, held against the total that it prints beside them. */
function summary(output: string): string {
  const lines = stripVTControlCharacters(output).split("\n");
  const end = lines.findLastIndex((line) => /^Ran \d+ tests? across \d+ files?\./.test(line));
  if (end < 0) throw new Error("bun test printed no summary: it did not get to its end");
  const start = lines.findLastIndex((line, index) => index < end && line.trim() === "");
  const counts = new Map<string, number>();
  for (const line of lines.slice(start + 1, end)) {
    const [, count, what] = /^\s*(\d+) (pass|fail|skip|todo)$/.exec(line) ?? [];
    if (what !== undefined) counts.set(what, Number(count));
  }
  const count = (what: string): number => counts.get(what) ?? 0;
  const [passed, failed, skipped] = [count("pass"), count("fail"), count("skip") + count("todo")];
  const total = Number(/\d+/.exec(lines[end] ?? "")?.[0]);
  if (passed + failed + skipped !== total) {
    throw new Error(`bun test ran ${total} tests, and its counts say ${[...counts].join(" ")}`);
  }
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
