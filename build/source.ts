import { dirname } from "node:path";

const ROOT = dirname(import.meta.dirname);

/** The commit that is built. */
export interface Source {
  /** Its hash, followed by `-dirty` when files have changed since; `unknown` without git. */
  commit: string;
  /** When it was made. 1970 when that is unknown, as with `SOURCE_DATE_EPOCH=0`. */
  date: Date;
}

/**
 * Finds out which commit is built: from the variables `SIGNWAY_COMMIT` and `SOURCE_DATE_EPOCH`
 * (https://reproducible-builds.org/specs/source-date-epoch/, seconds), else from git.
 */
export async function findSource(): Promise<Source> {
  const { SIGNWAY_COMMIT, SOURCE_DATE_EPOCH } = process.env;
  const commit =
    SIGNWAY_COMMIT ||
    (await readGit("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"));
  const seconds = SOURCE_DATE_EPOCH || (await readGit("log", "-1", "--format=%ct"));
  return { commit: commit || "unknown", date: new Date(Number(seconds || 0) * 1000) };
}

async function readGit(...args: string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await Bun.$`git ${args}`.cwd(ROOT).quiet().nothrow();
  return exitCode === 0 ? stdout.toString().trim() : undefined;
}
