import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inParallel } from "../in_parallel.ts";
import type { Mask } from "./mask.ts";
import { finished } from "../finished.ts";

/** One call of the program. */
export interface Call {
  args: readonly string[];
  /** Beside PATH and HOME. Default: nothing. */
  env?: Readonly<Record<string, string>>;
  /** The folder that it runs in. Default: an empty one. */
  folder?: string;
  /** What stands above its output. Default: the command line. */
  title?: string;
}

/** The commands of a checkout. */
export interface Program {
  /** The checkout. */
  root: string;
  /** How it is started, without arguments. */
  command: string[];
  mask: Mask;
}

const AT_ONCE = 3;
// No call of it takes that long; one that listens does.
const LIMIT_MS = 30_000;

/** Runs the program to its end once a call, and shows what each has written and its exit code. */
export async function showCalls(program: Program, calls: readonly Call[]): Promise<string[]> {
  const texts: string[] = Array.from({ length: calls.length }, () => "");
  await inParallel(calls.length, AT_ONCE, async (number) => {
    texts[number] = await showCall(program, calls[number]!);
  });
  return texts;
}

async function showCall({ command, mask }: Program, call: Call): Promise<string> {
  const { args, env = {}, title = ["signway", ...args].join(" ") } = call;
  const empty = await mkdtemp(join(tmpdir(), "signway-"));
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([...command, ...args], {
    cwd: call.folder ?? empty,
    env: { PATH, HOME, ...env },
    timeout: LIMIT_MS,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const { code, stdout, stderr } = await finished(child);
  await rm(empty, { recursive: true });
  return mask(
    [`# ${title}`, `exit ${code}`, ...part(stdout, ">"), ...part(stderr, "!")].join("\n"),
  );
}

function part(output: string, sign: string): string[] {
  return output === "" ? [] : output.split("\n").map((line) => `${sign} ${line}`.trimEnd());
}
