import { defineConfig } from "vitepress";
import { linkPages } from "../book_links.ts";
import { anchorCodes, renderForSearch } from "../code_anchors.ts";
import { exampleCode } from "../example_code.ts";
import { PAGES, pageOf, sidebar } from "../pages.ts";
import { searchWords, weightOf } from "../search.ts";
import { slugOf } from "../slug.ts";

// Set by GitHub Actions; elsewhere links to files outside of the book are left out.
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_SHA } = process.env;
const repository = GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
const OUTSIDE = ["README.md", "bench/**", "build/**", "deploy/**", "tests/**"];

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0969da"/><path d="M7 16h15M16 9l7 7-7 7" fill="none" stroke="#fff" stroke-width="4"/></svg>`;

export default defineConfig({
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  title: "Signway",
  description: "Call an API without holding its key",
  srcDir: "../..",
  outDir: "../../dist/book",
  cacheDir: "../../.cache/book",
  srcExclude: OUTSIDE,
  rewrites: pageOf,
  markdown: {
    config(md) {
      linkPages(md, repository && `${repository}/blob/${GITHUB_SHA}`);
      anchorCodes(md);
    },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    anchor: { slugify: slugOf },
    linkify: false,
    languageAlias: { caddyfile: "nginx", conf: "ini" },
  },
  vite: { plugins: [exampleCode()] },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        _render: renderForSearch,
        miniSearch: {
          options: { tokenize: searchWords },
          searchOptions: { boostDocument: weightOf },
        },
      },
    },
    socialLinks: repository ? [{ icon: "github", link: repository }] : [],
  },
  transformPageData({ filePath }) {
    if (!PAGES.includes(filePath)) throw new Error(`${filePath} is in no section of the book`);
  },
});
