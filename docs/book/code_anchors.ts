import type { MarkdownEnv, MarkdownRenderer } from "vitepress";
import { ROOT } from "./pages.ts";

/** Each problem document may link to its code here. */
const PAGE = `${ROOT}/docs/errors.md`;

/** Gives each row of the table of errors an anchor, which is its code. */
export function anchorCodes(md: MarkdownRenderer): void {
  md.core.ruler.push("code_anchors", ({ tokens, env }) => {
    if ((env.realPath ?? env.path) !== PAGE) return;
    for (const [i, row] of tokens.entries()) {
      const [code] = tokens[i + 2]?.children ?? [];
      if (row.type === "tr_open" && code?.type === "code_inline") row.attrSet("id", code.content);
    }
  });
}

/**
 * Renders a page for the search, in which each row with an anchor is a section of its own, so that a code leads to its row.
 *
 * @param source the page in Markdown
 * @param env what the renderer knows of the page
 * @param md the renderer of the book
 */
export function renderForSearch(source: string, env: MarkdownEnv, md: MarkdownRenderer): string {
  return md
    .render(source, env)
    .replaceAll(
      /<tr id="(\w+)">/g,
      (row, code) => `<h2>${code} <a href="#${code}">#</a></h2>${row}`,
    );
}
