import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { PAGES } from "../../../docs/book/pages.ts";
import { acquireLock } from "../../support/lock.ts";
import { ROOT } from "../../support/root.ts";

const FOLDER = `${ROOT}/.cache/book_site`;
const STAMP = `${ROOT}/.cache/book_stamp`;

/** The book as a site. */
export interface BuiltBook {
  /** The HTML of its pages, by their paths, such as `signing/go.html`. */
  pages: ReadonlyMap<string, string>;
  /** The path of a file in its folder. */
  path(name: string): string;
}

/** Builds the book as `bun run docs:book` does. The first who asks waits; the others find it done. */
export async function builtBook(): Promise<BuiltBook> {
  using _ = await acquireLock("book");
  const stamp = await digest();
  if ((await readFile(STAMP, "utf8").catch(() => "")) !== stamp) {
    const install = Bun.$`${process.execPath} install --frozen-lockfile --silent --cwd docs/book`;
    await install.cwd(ROOT).quiet();
    // The tests themselves may run on GitHub.
    const env = { PATH: process.env["PATH"]!, HOME: process.env["HOME"] ?? "/" };
    const build = Bun.$`${process.execPath} docs/book/main.ts --out ${FOLDER}`;
    await build.cwd(ROOT).env(env).quiet();
    await mkdir(`${ROOT}/.cache`, { recursive: true });
    await writeFile(STAMP, stamp);
  }
  const path = (name: string): string => `${FOLDER}/${name}`;
  const names = [...new Bun.Glob("**/*.html").scanSync(FOLDER)];
  return { pages: new Map(names.map((name) => [name, readFileSync(path(name), "utf8")])), path };
}

/** Of all that the build reads. */
async function digest(): Promise<string> {
  const code = new Bun.Glob("{*.*,.vitepress/**}").scanSync({
    cwd: `${ROOT}/docs/book`,
    dot: true,
  });
  const images = new Bun.Glob("docs/{benchmarks,images}/*").scanSync(ROOT);
  const examples = [...new Bun.Glob("examples/**/*.*").scanSync(ROOT)].filter(
    (path) => !path.includes("/node_modules/"),
  );
  const inputs = [
    ...PAGES,
    ...[...code].map((name) => `docs/book/${name}`),
    ...images,
    ...examples,
  ].sort();
  const hash = new Bun.CryptoHasher("sha256");
  for (const input of inputs) hash.update(input).update(await readFile(`${ROOT}/${input}`));
  return hash.digest("hex");
}

/** Serves the book as any static server does, without a rule for it. */
export function serveBook(book: BuiltBook) {
  return Bun.serve({
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      const file = book.path(decodeURIComponent(pathname.replace(/\/$/, "/index.html")));
      return existsSync(file)
        ? new Response(Bun.file(file))
        : new Response("not here", { status: 404 });
    },
  });
}
