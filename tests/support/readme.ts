import { ROOT } from "./root.ts";

/** The README as it is. */
export const README = await Bun.file(`${ROOT}/README.md`).text();

/** The one code block of a page in a language that holds `needle`; throws where it is not one. */
export function codeBlock(page: string, language: string, needle: string): string {
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].filter(
    ([, name, code]) => name === language && code!.includes(needle),
  );
  if (blocks.length !== 1) {
    throw new Error(`the page has ${blocks.length} ${language} blocks with ${needle}`);
  }
  return blocks[0]![2]!;
}

/** Such a block of the README. */
export function readmeBlock(language: string, needle: string): string {
  return codeBlock(README, language, needle);
}

/** The lines of such a block. */
export function readmeLines(language: string, needle: string): string[] {
  return readmeBlock(language, needle).trimEnd().split("\n");
}

/**
 * Such a block of a page.
 *
 * @param file the page, as a file of the repository
 * @param language of the block
 * @param needle what no other block in the language has
 */
export async function pageBlock(file: string, language: string, needle: string): Promise<string> {
  return codeBlock(await Bun.file(`${ROOT}/${file}`).text(), language, needle);
}
