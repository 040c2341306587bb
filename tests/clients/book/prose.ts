import { ROOT } from "../../support/root.ts";

/** A sentence of a page. */
export interface Sentence {
  page: string;
  text: string;
}

// A dot in these does not end a sentence.
const ABBREVIATIONS = /\b(e\.g|i\.e|etc|vs)\./g;

/**
 * The sentences of a page: its paragraphs and lists, and each cell of its tables. Code, links' targets and headings are left
 * out; a piece of code counts as one word.
 *
 * @param page as a file of the repository
 */
export async function sentencesOf(page: string): Promise<Sentence[]> {
  const text = (await Bun.file(`${ROOT}/${page}`).text())
    .replace(/^```.*?^```/gms, "")
    .replace(/<!--.*?-->/gs, "")
    .replace(/^#.*$/gm, "");
  return paragraphsOf(text).flatMap((paragraph) =>
    plain(paragraph)
      .split(/(?<=[.!?])\s+/)
      .filter((sentence) => sentence !== "")
      .map((sentence) => ({ page, text: sentence })),
  );
}

/** Each paragraph, entry of a list and cell of a table on a line of its own. */
function paragraphsOf(text: string): string[] {
  return text
    .replace(/^\|(.*)\|$/gm, (_, row: string) => `\n${row.replaceAll(/(?<!\\)\|/g, "\n\n")}\n`)
    .replace(/^\s*([-*]|\d+\.) /gm, "\n\n")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim());
}

function plain(paragraph: string): string {
  // Each has a name of its own, so that two of them are no repeated word.
  let codes = 0;
  return paragraph
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/`[^`]*`/g, () => `code${++codes}`)
    .replace(/[*_]{1,2}(\S.*?)[*_]{1,2}/g, "$1")
    .replace(ABBREVIATIONS, "$1");
}

/** How many words a sentence has. */
export function wordsIn(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
