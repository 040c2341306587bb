import { dirname, join, relative } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { PAGES, pageOf, ROOT } from "./pages.ts";

/** What the renderer tells of the page that it renders. */
interface PageEnvironment {
  path: string;
  realPath?: string;
}

/**
 * Lets the links between files of the repository lead to pages of the book. A link to another file leads to `sources`;
 * without it, only the text of the link is left.
 *
 * @param md the renderer of the pages
 * @param sources the URL of the repository's files at one commit, without a slash at its end
 */
export function linkPages(md: MarkdownRenderer, sources: string | undefined): void {
  md.core.ruler.push("book_links", ({ tokens, env }) => {
    const { path, realPath = path } = env as PageEnvironment;
    const folder = dirname(relative(ROOT, realPath));
    for (const { children } of tokens) {
      const isKept: boolean[] = [];
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = hrefIn(folder, token.attrGet("href") ?? "", sources);
          isKept.push(href !== undefined);
          if (href === undefined) token.type = "text";
          else token.attrSet("href", href);
        } else if (token.type === "link_close" && !isKept.pop()) token.type = "text";
      }
    }
  });
}

/** Where a link leads in the book; undefined if nowhere. */
function hrefIn(folder: string, href: string, sources: string | undefined): string | undefined {
  if (/^([a-z]+:|#)/.test(href)) return href;
  const [path = "", anchor] = href.split("#");
  const target = join(folder, path).replace(/\/$/, "");
  const file = [target, `${target}/README.md`].find((it) => PAGES.includes(it));
  if (file !== undefined) return `/${pageOf(file)}${anchor === undefined ? "" : `#${anchor}`}`;
  return sources === undefined ? undefined : `${sources}/${target}`;
}
