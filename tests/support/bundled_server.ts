import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { ROOT } from "./root.ts";

const FOLDER = `${ROOT}/.cache/server`;
const INPUTS = ["server.ts", "package.json", "bun.lock", "lib/**"];
const HOUR_MS = 3_600_000;

/**
 * The program as one file, made of the source as it is now. It starts with a third of the work that
 * `server.ts` needs, and most tests start it.
 *
 * @returns the path of the file, which the first who asks writes
 */
export async function bundledServer(): Promise<string> {
  const name = `${await fingerprint()}.js`;
  const path = `${FOLDER}/${name}`;
  if (await Bun.file(path).exists()) return path;
  await mkdir(FOLDER, { recursive: true });
  const built = await Bun.build({ entrypoints: [`${ROOT}/server.ts`], target: "bun" });
  const [output] = built.outputs;
  // Another process may write the same file, or start it.
  const unfinished = `${path}.${process.pid}`;
  await Bun.write(unfinished, output!);
  await rename(unfinished, path);
  await removeOld();
  return path;
}

/** A test that runs now may start the file of a moment ago. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(FOLDER)) {
    const path = `${FOLDER}/${name}`;
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > HOUR_MS) await rm(path);
  }
}

async function fingerprint(): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  hash.update(Bun.version);
  for (const input of INPUTS) {
    for (const path of [...new Bun.Glob(input).scanSync(ROOT)].sort()) {
      const { mtimeMs, size } = await stat(`${ROOT}/${path}`);
      hash.update(`${path} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}
