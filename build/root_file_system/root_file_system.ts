import { chmod, copyFile, mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Architecture, LIBC, unpackLibc } from "./libc.ts";
import type { Source } from "../source.ts";

/** The processors that containers are built for. */
export const ARCHITECTURES = Object.keys(LIBC.packages) as Architecture[];

const PASSWD = "signway:x:65532:65532::/:/signway\n";

/** The parts of a container. */
export interface ContainerContents {
  /** The processor that the binary is for. */
  architecture: Architecture;
  /** Every file gets the date of this commit. */
  source: Source;
  /** The path of the file that `compileBinary` wrote. */
  binary: string;
}

/**
 * Writes the whole file system of the container: the binary, the libraries that it asks for, and
 * one user without privileges. The directories that a container runtime mounts are not in it; the
 * runtime makes them.
 *
 * @param folder where to; everything in it is removed first
 * @param contents what goes in
 * @throws Error when the C library cannot be fetched
 */
export async function buildRootFileSystem(
  folder: string,
  { architecture, source: { date }, binary }: ContainerContents,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const libc = await unpackLibc(architecture);
  await copyExecutable(binary, join(folder, "signway"));
  for (const [path, file] of Object.entries(LIBC.files[architecture])) {
    await copyExecutable(join(libc, file), join(folder, path));
  }
  await mkdir(join(folder, "etc"));
  await writeFile(join(folder, "etc/passwd"), PASSWD, { mode: 0o644 });
  const all = await readdir(folder, { recursive: true });
  // The deepest first: a folder gets a new date when something is written into it.
  for (const path of [...all.sort().reverse(), "."]) await utimes(join(folder, path), date, date);
}

async function copyExecutable(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await copyFile(from, to);
  await chmod(to, 0o755);
}
