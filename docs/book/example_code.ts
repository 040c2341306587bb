import { readdirSync } from "node:fs";
import { dirname, relative } from "node:path";
import { ROOT } from "./pages.ts";

/** The README of an example, which tells how to start it. */
const README = /\/examples\/(backends\/)?\w+\/README\.md$/;

const CODE = /\.(go|html|jsx?|mjs|py|rb|ru|sh|tsx?)$/;
// Tools write these, or install into these folders.
const NOT_WRITTEN = /(^|\/)(node_modules|dist|\.\w+)\/|\.d\.ts$|(^|\/)next-env/;

/** Shows the code of an example on its page, below its README. */
export function exampleCode() {
  return {
    name: "example-code",
    enforce: "pre" as const,
    transform(text: string, id: string): string | undefined {
      return README.test(id) ? `${text}\n${codeOf(dirname(id))}` : undefined;
    },
  };
}

function codeOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => CODE.test(path) && !NOT_WRITTEN.test(path))
    .sort();
  const sections = files.map((path) => `## ${path}\n\n<<< @/${relative(ROOT, folder)}/${path}\n`);
  return sections.join("\n");
}
