import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { PAGES } from "../../../docs/book/pages.ts";
import { ROOT } from "../../support/root.ts";
import { CLAIMS } from "./claims.ts";

/** The pages, with README and those of examples that the book has not. */
const ALL = [
  ...new Set([
    "README.md",
    "build/npm_package/README.md",
    ...PAGES,
    ...[...new Bun.Glob("examples/**/README.md").scanSync(ROOT)].filter(
      (path) => !path.includes("node_modules"),
    ),
  ]),
];

/** How many blocks of code a page has in each language; "" for one without a language. */
function blocksOf(text: string): Record<string, number> {
  const lines = text.match(/^ *```.*$/gm) ?? [];
  const counts: Record<string, number> = {};
  // Every second fence ends a block.
  for (const [i, line] of lines.entries()) {
    const language = line.trim().slice(3);
    if (i % 2 === 0) counts[language] = (counts[language] ?? 0) + 1;
  }
  return counts;
}

function claimedOf(page: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { blocks } of CLAIMS.filter((claim) => claim.page === page)) {
    for (const [language, count] of Object.entries(blocks)) {
      counts[language] = (counts[language] ?? 0) + count;
    }
  }
  return counts;
}

/** The text of a test, and of what it imports from `tests/`. */
function sourceOf(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return "";
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const imported = [...text.matchAll(/from "(\.[^"]*\.ts)"/g)]
    .map(([, path]) => resolve(dirname(file), path!))
    .filter((path) => path.startsWith(`${ROOT}/tests/`) && !path.startsWith(import.meta.dirname));
  return text + imported.map((path) => sourceOf(path, seen)).join("");
}

describe("each block of code has a test:", () => {
  test.each(ALL)("%s", (page) => {
    expect(claimedOf(page)).toEqual(blocksOf(readFileSync(`${ROOT}/${page}`, "utf8")));
  });

  test("a block in a list, without a language or beside others is found", () => {
    const text = "```sh\nls\n```\n- one\n\n  ```\n  two\n  ```\n\n```sh\npwd\n```\n";
    expect(blocksOf(text)).toEqual({ sh: 2, "": 1 });
  });

  test("no claim is for a page that there is not", () => {
    expect(CLAIMS.map(({ page }) => page).filter((page) => !ALL.includes(page))).toEqual([]);
  });

  test.each([...new Set(CLAIMS.map((claim) => claim.test))])("%s reads the pages", (name) => {
    const source = sourceOf(`${ROOT}/tests/${name}`);
    for (const { page, test } of CLAIMS) {
      if (test !== name) continue;
      // Either the page by its name, or all that are in its folder.
      const folder = page.split("/").slice(0, -1).join("/");
      const isNamed = source.includes(basename(page)) || source.includes(`${folder}\``);
      expect([page, isNamed]).toEqual([page, true]);
    }
  });
});
