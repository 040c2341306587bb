import { isAbsolute, resolve } from "node:path";

/**
 * The mistake of a file that cannot be read. It tells where a relative path leads: it starts at the working
 * directory, and not at the file that names it.
 *
 * @param path as it is written
 * @param label what the file is. Default: its path
 * @returns a clause
 */
export function unreadableFile(path: string, label = path): string {
  if (isAbsolute(path)) return `${label} cannot be read`;
  return `${label} cannot be read: from the working directory it is ${resolve(path)}`;
}
