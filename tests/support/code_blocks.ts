import { ROOT } from "./root.ts";

/** A block of code on a page. */
export interface CodeBlock {
  language: string;
  code: string;
}

/** A text on a page, and the block for the shell before it that prints it. */
export interface ShownOutput {
  /** The place of the block among those for the shell. */
  index: number;
  text: string;
}

/** The blocks of code of a page, in its order. */
function codeBlocks(page: string): CodeBlock[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code]) => {
    return { language: language!, code: code! };
  });
}

/** The code of the blocks of a page in a language. */
export function codesIn(page: string, language: string): string[] {
  return codeBlocks(page).flatMap((block) => (block.language === language ? [block.code] : []));
}

/**
 * The one block of a page in a language that has a text in it.
 *
 * @param page the text of the page
 * @param needle the text
 * @throws Error when there are none or several
 */
export function codeBlock(page: string, language: string, needle: string): string {
  const codes = codesIn(page, language).filter((code) => code.includes(needle));
  if (codes.length === 1) return codes[0]!;
  throw new Error(`the page has ${codes.length} ${language} blocks with ${needle}`);
}

/**
 * As {@link codeBlock}, of a page that is not read yet.
 *
 * @param file the page, as a file of the repository
 */
export async function pageBlock(file: string, language: string, needle: string): Promise<string> {
  return codeBlock(await Bun.file(`${ROOT}/${file}`).text(), language, needle);
}

/** What a page says that its commands print. */
export function shownOutputs(page: string): ShownOutput[] {
  const blocks = codeBlocks(page);
  return blocks.flatMap(({ language, code }, place) => {
    if (language !== "text") return [];
    const index = blocks.slice(0, place).filter((block) => block.language === "sh").length - 1;
    return [{ index, text: code }];
  });
}
