import { codeBlock } from "./code_blocks.ts";
import { ROOT } from "./root.ts";

/** The README as it is. */
export const README = await Bun.file(`${ROOT}/README.md`).text();

/** The one block of the README in a language that has a text in it. */
export function readmeBlock(language: string, needle: string): string {
  return codeBlock(README, language, needle);
}

/** The lines of such a block. */
export function readmeLines(language: string, needle: string): string[] {
  return readmeBlock(language, needle).trimEnd().split("\n");
}
