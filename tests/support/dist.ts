import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { findSource } from "../../build/source.ts";
import { acquireLock } from "./lock.ts";
import { ROOT } from "./root.ts";

const STAMP = `${ROOT}/.cache/dist_stamp`;

/** What the build reads. */
export const BUILD_INPUTS = [
  "server.ts",
  "lib",
  "build",
  "package.json",
  "bun.lock",
  "bunfig.toml",
];

/**
 * The folder that `bun run build` fills, filled from the source as it is now. The first who asks
 * waits for the build; the others find it done, in other test files and later runs too.
 */
export async function builtDist(): Promise<string> {
  using _ = await acquireLock("build");
  const dist = `${ROOT}/dist`;
  const read = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
  // With the sums, so that a build of one binary alone is noticed.
  const stamp = async (): Promise<string> => (await digest()) + (await read(`${dist}/SHA256SUMS`));
  if ((await read(STAMP)) === (await stamp())) return dist;
  await Bun.$`${process.execPath} build/main.ts`.cwd(ROOT).quiet();
  await mkdir(dirname(STAMP), { recursive: true });
  await writeFile(STAMP, await stamp());
  return dist;
}

async function digest(): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  hash.update(JSON.stringify([await findSource(), Bun.version]));
  for (const input of BUILD_INPUTS) {
    const paths = input.includes(".") ? [input] : [...new Bun.Glob(`${input}/**`).scanSync(ROOT)];
    for (const path of paths.sort()) hash.update(path).update(await readFile(`${ROOT}/${path}`));
  }
  return hash.digest("hex");
}
