import { testProgram } from "./test_program.ts";
import { type Finished, finished } from "./finished.ts";
import { folderWith } from "./folder.ts";

/** The path of the program. */
export const PROGRAM = await testProgram();

/** What surrounds a process. */
export interface RunOptions {
  /** Beside PATH and HOME. Default: nothing. */
  env?: Record<string, string>;
  /** Files in the folder that it runs in. Default: none. */
  files?: Record<string, string>;
  /** Its standard input. Default: none. */
  input?: string;
}

/** Runs the program to its end, in a folder of its own. */
export async function runSignway(
  args: string[],
  { env = {}, files = {}, input }: RunOptions = {},
): Promise<Finished> {
  await using folder = await folderWith(files);
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([PROGRAM, ...args], {
    cwd: folder.path("."),
    env: { PATH, HOME, ...env },
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  return await finished(child);
}

/** The mistakes that a process complained of, without the hint at the end. */
export function complaints({ stderr }: Finished): string[] {
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("signway: "))
    .map((line) => line.slice("signway: ".length));
}
