import { existsSync, writeFileSync } from "node:fs";

/**
 * Writes a text file.
 *
 * @param path the path of the file
 * @param text its content
 * @param replace whether a file that exists is replaced
 * @returns the code of the error, such as `EEXIST`; `undefined` when the file was written
 */
export function writeFile(path: string, text: string, replace: boolean): string | undefined {
  try {
    // With `x`, the check and the creation are one step.
    writeFileSync(path, text, { flag: replace ? "w" : "wx" });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}

/** Whether there is a file or folder at a path. */
export function fileExists(path: string): boolean {
  return existsSync(path);
}
