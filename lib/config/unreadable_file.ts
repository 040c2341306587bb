import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";

/**
 * The mistake of a file that a setting names and that cannot be read. It tells where a relative path leads: it starts at the
 * working directory, and not at the file that names it.
 *
 * @param path as it is written
 * @param label what the file is. Default: its path
 * @returns a clause
 */
export function unreadableSetting(path: string, label = path): string {
  const mistake = unreadableFile(path, label);
  return isAbsolute(path)
    ? mistake
    : `${mistake}: from the working directory it is ${resolve(path)}`;
}

/**
 * The mistake of a file that cannot be read.
 *
 * @param path as it is written
 * @param label what the file is. Default: its path
 * @returns a clause with the reason, if it is still to be seen
 */
export function unreadableFile(path: string, label = path): string {
  try {
    if (statSync(path).isDirectory()) return `${label} is a folder`;
    accessSync(path, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return `${label} does not exist`;
    if (code === "EACCES") return `${label} is not readable for this user`;
  }
  return `${label} cannot be read`;
}
