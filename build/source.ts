import { dirname } from "node:path";

const ROOT = dirname(import.meta.dirname);

/** From what something is built. */
export interface Source {
  /** The commit, with `-dirty` behind it when files have changed since; `unknown` without git. */
  commit: string;
  /** When the commit was made. 1970 when that is unknown, as `SOURCE_DATE_EPOCH=0` would say. */
  date: Date;
}

/**
 * Finds out what is built: from the variables `SIGNWAY_COMMIT` and `SOURCE_DATE_EPOCH`
 * (https://reproducible-builds.org/specs/source-date-epoch/, seconds), else from git.
 */
export async function findSource(): Promise<Source> {
  const { SIGNWAY_COMMIT, SOURCE_DATE_EPOCH } = process.env;
  const commit =
    SIGNWAY_COMMIT || (await git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"));
  const seconds = SOURCE_DATE_EPOCH || (await git("log", "-1", "--format=%ct"));
  return { commit: commit || "unknown", date: new Date(Number(seconds || 0) * 1000) };
}

async function git(...args: string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await Bun.$`git ${args}`.cwd(ROOT).quiet().nothrow();
  return exitCode === 0 ? stdout.toString().trim() : undefined;
}
