import type { MarkdownRenderer } from "vitepress";
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
