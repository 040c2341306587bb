import { ROOT } from "../../support/root.ts";

const FOLDER = `${ROOT}/docs/signing`;

/** A code block of a guide. */
export interface Block {
  /** The name of the guide's file. */
  file: string;
  language: string;
  code: string;
  /** The paragraph that stands before it. */
  before: string;
}

/** The names of the guides' files. */
export const GUIDES = [...new Bun.Glob("*.md").scanSync(FOLDER)].sort();

/** Every code block of every guide, in order. */
export const BLOCKS: readonly Block[] = (await Promise.all(GUIDES.map(blocksOf))).flat();

/**
 * The only block of a guide in a language that holds a text.
 *
 * @param file the name of the guide's file
 * @param language as it stands behind the backticks
 * @param needle what no other block of the language holds
 */
export function block(file: string, language: string, needle: string): string {
  const fits = (it: Block) =>
    it.file === file && it.language === language && it.code.includes(needle);
  const found = BLOCKS.filter(fits);
  if (found.length !== 1) {
    throw new RangeError(`${file} has ${found.length} blocks in ${language} with ${needle}`);
  }
  USED.add(found[0]!);
  return found[0]!.code;
}

/** The blocks that a test asked for. */
export const USED = new Set<Block>();

async function blocksOf(file: string): Promise<Block[]> {
  const text = await Bun.file(`${FOLDER}/${file}`).text();
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, code], i, all) => {
    const end = all[i]!.index;
    const before = text.slice(0, end).trimEnd().split("\n\n").at(-1)!;
    return { file, language: language!, code: code!, before };
  });
}
