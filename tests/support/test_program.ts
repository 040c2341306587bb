import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { compileProgram } from "../../build/binary/compile.ts";
import { acquireLock } from "./lock.ts";
import { ROOT } from "./root.ts";

const FOLDER = `${ROOT}/.cache/program`;
const INPUTS = ["server.ts", "package.json", "bun.lock", "lib/**", "build/binary/**"];
const HOUR_MS = 3_600_000;

/**
 * The program as an executable for this machine, made of the source as it is now. Most tests start it, because it starts with
 * a quarter of the work that `server.ts` needs.
 *
 * @returns the path of the executable, which the first who asks writes
 */
export async function testProgram(): Promise<string> {
  const path = `${FOLDER}/${await fingerprint()}`;
  if (await isThere(path)) return path;
  using _ = await acquireLock("program");
  if (await isThere(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  // Another process may start the file.
  const unfinished = `${path}.${process.pid}`;
  await compileProgram({ outfile: unfinished });
  await rename(unfinished, path);
  await removeOld();
  return path;
}

/** Also marks it as used. */
async function isThere(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
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
