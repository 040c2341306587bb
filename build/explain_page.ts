// Builds the page that explains a signed URL into dist/explain.html: bun run build:explain
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

const ROOT = dirname(import.meta.dirname);

/**
 * Bundles the page that explains a signed URL.
 *
 * @returns one HTML document that loads nothing; the same for the same source, in whatever folder
 * @throws ShellError when the page does not bundle
 */
export async function bundleExplainPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signway-explain-"));
  try {
    const outfile = join(folder, "explain.html");
    const options = ["--compile", "--target=browser", `--outfile=${outfile}`];
    // The bundler names files by their path from the working directory.
    await Bun.$`${process.execPath} build ${options} lib/web/explain/index.html`.cwd(ROOT).quiet();
    return await Bun.file(outfile).text();
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (import.meta.main) await Bun.write(`${ROOT}/dist/explain.html`, await bundleExplainPage());
