import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bundledServer } from "../../support/bundled_server.ts";
import { type Finished, finished } from "../../support/finished.ts";

/** The program. */
export const SERVER = await bundledServer();

/** A folder of its own, removed with all that is in it. */
export interface Folder extends AsyncDisposable {
  path: (name: string) => string;
}

/** Makes a folder with these files. */
export async function folderWith(files: Record<string, string> = {}): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), "signway-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await Bun.write(join(folder, name), text);
  }
  return {
    path: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

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
  const child = Bun.spawn([process.execPath, SERVER, ...args], {
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
