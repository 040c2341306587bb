import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { posix } from "node:path";
import { PAGES, pageOf } from "../../../docs/book/pages.ts";
import { PROBLEMS } from "../../../lib/gateway/problem/problems.ts";
import { ROOT } from "../../support/root.ts";
import { builtBook } from "./built_book.ts";

const book = await builtBook();

/** The links of a page, and what else it loads, without those to other sites. */
function linksIn(html: string): string[] {
  const links = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, link]) => link!);
  return links.filter((link) => !/^[a-z]+:/.test(link)).map((it) => it.replaceAll("&amp;", "&"));
}

const anchorsIn = (html: string): Set<string> =>
  new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!));

/** Why a link of a page leads nowhere; undefined if it leads somewhere. */
function faultOf(page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? page : posix.join(posix.dirname(`/${page}`), path).slice(1);
  const target = path.startsWith("/") ? path.slice(1) : file;
  const name = target.replace(/(^|\/)$/, "$1index.html");
  if (!existsSync(book.path(name))) return `${page}: ${link}`;
  if (!anchor || !name.endsWith(".html")) return undefined;
  const anchors = anchorsIn(book.pages.get(name) ?? "");
  return anchors.has(decodeURIComponent(anchor)) ? undefined : `${page}: ${link}`;
}

describe("the book", () => {
  test("has each page of docs/ in its sidebar", () => {
    const inDocs = [...new Bun.Glob("docs/{*,signing/*}.md").scanSync(ROOT)];
    expect(inDocs.filter((file) => !PAGES.includes(file))).toEqual([]);
    const built = PAGES.map((file) => pageOf(file).replace(/md$/, "html"));
    expect([...book.pages.keys()].sort()).toEqual([...built, "404.html"].sort());
    const home = book.pages.get("index.html")!;
    for (const page of built.filter((name) => !name.endsWith("index.html")))
      expect(home).toContain(`href="/${page}"`);
  });

  test.each([
    ["express", "server.js", "signToken"],
    ["fastapi", "main.py", "jwt"],
    ["go", "signway/token.go", "hmac"],
    ["react_chat", "chat.tsx", "useChat"],
  ])("shows the code of the example %s", (name, file, word) => {
    const html = book.pages.get(`examples/${name}.html`)!;
    expect(html).toContain(`>${file} <a`);
    expect(html.split(`>${file} <a`)[1]).toContain(word);
  });

  test("has no link that leads nowhere", () => {
    const all = [...book.pages].flatMap(([page, html]) =>
      linksIn(html).map((link) => [page, link] as const),
    );
    expect(all.length).toBeGreaterThan(1000);
    const faults = all.flatMap(([page, link]) => faultOf(page, link) ?? []);
    expect([...new Set(faults)]).toEqual([]);
  });

  test("a link that leads nowhere is found", () => {
    expect(faultOf("errors.html", "/nowhere.html")).toBe("errors.html: /nowhere.html");
    expect(faultOf("signing/go.html", "#nowhere")).toBe("signing/go.html: #nowhere");
    expect(faultOf("signing/go.html", "/errors.html#expired")).toBeUndefined();
  });

  test("has an anchor for each code of a problem document", () => {
    const anchors = anchorsIn(book.pages.get("errors.html")!);
    for (const code of Object.keys(PROBLEMS)) expect(anchors).toContain(code);
  });
});
