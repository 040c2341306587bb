// Writes the book as a static site: bun run docs:book [--base PATH] [--out FOLDER]
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vitepress";
import { ROOT } from "./pages.ts";

const { values } = parseArgs({
  options: {
    base: { type: "string", default: "/" },
    out: { type: "string", default: `${ROOT}/dist/book` },
  },
});
const base = `${values.base}/`.replace(/\/+$/, "/");

await build(import.meta.dirname, { base, outDir: resolve(values.out) });
