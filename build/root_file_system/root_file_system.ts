import { chmod, copyFile, mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Architecture, LIBC, unpackLibc } from "./libc.ts";
import type { Source } from "../source.ts";

/** The processors that there is a container for. */
export const ARCHITECTURES = Object.keys(LIBC.packages) as Architecture[];

const PASSWD = "signway:x:65532:65532::/:/signway\n";

/**
 * Writes the whole file system of the container: the binary, the libraries that it asks for, and
 * one user without privileges. The directories that a container runtime mounts are not in it; the
 * runtime makes them.
 *
 * @param architecture of the binary
 * @param source whose date every file gets
 * @param binary from `compile`
 * @param folder where to; what was there is gone
 * @throws Error when the C library cannot be had
 */
export async function buildRootFileSystem(
  architecture: Architecture,
  { date }: Source,
  binary: string,
  folder: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const libc = await unpackLibc(architecture);
  await put(binary, join(folder, "signway"));
  for (const [path, file] of Object.entries(LIBC.files[architecture])) {
    await put(join(libc, file), join(folder, path));
  }
  await mkdir(join(folder, "etc"));
  await writeFile(join(folder, "etc/passwd"), PASSWD, { mode: 0o644 });
  const all = await readdir(folder, { recursive: true });
  // The deepest first: what is put into a folder changes its date.
  for (const path of [...all.sort().reverse(), "."]) await utimes(join(folder, path), date, date);
}

async function put(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await copyFile(from, to);
  await chmod(to, 0o755);
}
