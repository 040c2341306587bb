import { writeSync } from "node:fs";

/** The descriptor of stdout. */
export const STDOUT = 1;

/** The descriptor of stderr. */
export const STDERR = 2;

const RETRY_MS = 10;

/**
 * Writes a whole text, or bytes, synchronously. Unlike `process.stdout.write`, it reports a full disk or a closed pipe,
 * and it writes all of it to a non-blocking pipe.
 *
 * @param descriptor {@link STDOUT} or {@link STDERR}
 * @param text the text or the bytes, of any length
 * @returns the code of the error that stopped it, such as `ENOSPC`; `undefined` when all is written
 */
export function writeText(descriptor: number, text: string | Uint8Array): string | undefined {
  let rest = typeof text === "string" ? Buffer.from(text) : text;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code = "unknown" } = error as { code?: string };
      if (code !== "EAGAIN") return code;
      Bun.sleepSync(RETRY_MS);
    }
  }
  return undefined;
}
