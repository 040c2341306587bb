import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";

/**
 * Makes an empty folder. One that exists already is emptied, if an earlier build wrote it.
 *
 * @param path of the folder
 * @param marker the name of a file that only a build writes there
 * @throws RangeError when the folder holds anything else, which then stays as it is
 */
export function createFreshFolder(path: string, marker: string): void {
  if (existsSync(path) && readdirSync(path).length > 0 && !existsSync(`${path}/${marker}`)) {
    throw new RangeError(`${path} holds what no build wrote: name another folder, or an empty one`);
  }
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}
