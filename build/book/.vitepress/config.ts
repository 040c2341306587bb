import { defineConfig } from "vitepress";
import packageJson from "../../../package.json" with { type: "json" };
import { linkPages } from "../book_links.ts";
import { PAGES, pageOf, sidebar } from "../pages.ts";

// Set by GitHub Actions; elsewhere links to files outside of the book are left out.
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA } = process.env;
const repository = GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
const OUTSIDE = ["README.md", "bench/**", "build/**", "deploy/**", "tests/**"];

export default defineConfig({
  title: "Signway",
  description: packageJson.description,
  srcDir: "../..",
  outDir: "../../dist/book",
  cacheDir: "../../.cache/book",
  srcExclude: OUTSIDE,
  rewrites: pageOf,
  markdown: {
    config: (md) => linkPages(md, repository && `${repository}/blob/${GITHUB_SHA}`),
    languageAlias: { caddyfile: "nginx", conf: "ini" },
  },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: repository ? [{ icon: "github", link: repository }] : [],
  },
  transformPageData({ filePath }) {
    if (!PAGES.includes(filePath)) throw new Error(`${filePath} is in no section of the book`);
  },
});
