import { STDERR, STDOUT, writeText } from "../../runtime/process/write_text.ts";

/** Writes a text or bytes to stdout and returns the exit code. */
export function print(text: string | Uint8Array): number {
  const failure = writeText(STDOUT, text);
  if (failure === undefined) return 0;
  printError(`signway: cannot write to stdout (${failure})`);
  return 1;
}

/** Writes a line to stderr. */
export function printError(line: string): void {
  writeText(STDERR, `${line}\n`);
}
