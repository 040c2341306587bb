import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { SECTIONS } from "./sections.ts";

/** The folder of the checkout. */
export const ROOT = dirname(dirname(import.meta.dirname));

/** Every page of the book, as a file of the repository. */
export const PAGES: readonly string[] = Object.values(SECTIONS).flat();

/**
 * Where a page is in the book.
 *
 * @param file of the repository, such as `docs/signing/README.md`
 * @returns its path in the book, such as `signing/index.md`
 */
export function pageOf(file: string): string {
  return file
    .replace(/^docs\//, "")
    .replace(/^examples\/(?:backends\/)?(\w+)\/README\.md$/, "examples/$1.md")
    .replace(/(^|\/)README\.md$/, "$1index.md")
    .replace(/^SECURITY\.md$/, "promises.md")
    .replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase());
}

/** The sidebar: each section with its pages, by their own headings. */
export function sidebar(): { text: string; items: { text: string; link: string }[] }[] {
  return Object.entries(SECTIONS).map(([text, files]) => ({ text, items: files.map(itemOf) }));
}

function itemOf(file: string): { text: string; link: string } {
  const [, heading] = /^# (.*)$/m.exec(readFileSync(`${ROOT}/${file}`, "utf8")) ?? [];
  if (heading === undefined) throw new Error(`${file} has no heading`);
  return {
    text: heading.replaceAll("`", ""),
    link: `/${pageOf(file).replace(/(index)?\.md$/, "")}`,
  };
}
