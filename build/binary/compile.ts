import { mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Source } from "../source.ts";

const ROOT = dirname(dirname(import.meta.dirname));

/**
 * The binaries, and the executable of Bun that each is built from. The executables come from the npm
 * registry, in the version of the Bun that builds. `amd64` and `amd64-baseline` have the same one in
 * Bun 1.4.5, which runs on every x64 processor since 2008 and chooses its instructions at the start.
 */
export const TARGETS = {
  amd64: "bun-linux-x64",
  "amd64-baseline": "bun-linux-x64-baseline",
  "amd64-musl": "bun-linux-x64-musl",
  arm64: "bun-linux-arm64",
  "arm64-musl": "bun-linux-arm64-musl",
} as const;

/** The second half of a binary's name. */
export type TargetName = keyof typeof TARGETS;

/**
 * Makes one executable of the program and of Bun.
 *
 * @param target the machines that it is for
 * @param source the commit, which `--version` prints
 * @param outfile where to; its name has no influence on its content
 * @throws AggregateError when the program does not bundle or Bun cannot be fetched
 */
export async function compileBinary(
  target: TargetName,
  { commit }: Source,
  outfile: string,
): Promise<void> {
  const folder = await mkdtemp(`${outfile}-`);
  const unfinished = join(folder, "signway");
  await compileProgram({ outfile: unfinished, target: TARGETS[target], commit });
  await rename(unfinished, outfile);
  await rm(folder, { recursive: true });
}

/** What {@link compileProgram} makes. */
export interface Program {
  /** Where to. Its name is part of the content. */
  outfile: string;
  /** The executable of Bun. Default: the one that runs. */
  target?: (typeof TARGETS)[TargetName];
  /** The commit. Default: `--version` prints none. */
  commit?: string;
}

/**
 * Makes one executable of the program and of Bun, for some machine.
 *
 * @param program what is made, and where
 * @throws AggregateError as {@link compileBinary} does
 */
export async function compileProgram({ outfile, target, commit }: Program): Promise<void> {
  await Bun.build({
    entrypoints: [join(ROOT, "server.ts")],
    define: {
      ...(commit !== undefined && { SIGNWAY_COMMIT: JSON.stringify(commit) }),
      // A package's path on the machine that builds has no place in the output.
      __dirname: '"/"',
    },
    // The program begins with one small file, which relaunches it, and loads the rest after that.
    splitting: true,
    // Parsing the source took as long as all the rest of the start.
    format: "esm",
    bytecode: true,
    compile: {
      ...(target && { target }),
      outfile,
      // A file that happens to be in the working directory is no configuration, and a bunfig.toml runs code.
      autoloadBunfig: false,
      autoloadDotenv: false,
    },
  });
}
