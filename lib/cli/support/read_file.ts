import { readFileSync } from "node:fs";

/** Reads a text file; `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** Reads a file; `undefined` when it cannot be read. */
export type ReadBytes = (path: string) => Uint8Array<ArrayBuffer> | undefined;

/**
 * Reads a text file in UTF-8.
 *
 * @param path of the file
 * @returns the text; `undefined` when the file cannot be read
 */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * Reads a file.
 *
 * @param path of the file
 * @returns the bytes; `undefined` when the file cannot be read
 */
export function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
