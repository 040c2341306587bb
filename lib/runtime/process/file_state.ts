import { statSync } from "node:fs";

/**
 * Describes files as they are now.
 *
 * @param files their paths
 * @returns a text that differs whenever one of them has changed
 */
export function stateOfFiles(files: readonly string[]): string {
  return files.map(stateOfFile).join("\n");
}

function stateOfFile(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return "none";
  }
}
