import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";

/**
 * Makes an empty folder. One that is there already is emptied, if it is what an earlier build wrote.
 *
 * @param path of the folder
 * @param mark the name of a file that only a build writes there
 * @throws RangeError when it holds something else, which is then left as it is
 */
export function freshFolder(path: string, mark: string): void {
  if (existsSync(path) && readdirSync(path).length > 0 && !existsSync(`${path}/${mark}`)) {
    throw new RangeError(`${path} holds what no build wrote: name another folder, or an empty one`);
  }
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}
