import { mkdir, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { sha256 } from "../checksums.ts";

const CACHE = `${dirname(dirname(import.meta.dirname))}/.cache/debian`;

// A package leaves the first when a newer one replaces it; the second keeps every one.
const MIRRORS = [
  "http://deb.debian.org/debian",
  "http://snapshot.debian.org/archive/debian/20261101T000000Z",
];

/** One version of a package of Debian, for one processor. */
export interface DebianPackage {
  /** Below the mirror's `pool/main/`. */
  path: string;
  /** As `apt-cache show` tells it from the signed index. */
  sum: string;
}

/**
 * Fetches and unpacks a package with Debian's own tools, leaving what is installed alone.
 *
 * @returns the folder with the package's files
 * @throws Error when the tools are missing or no mirror has the package with the right SHA-256
 */
export async function unpackDebianPackage({ path, sum }: DebianPackage): Promise<string> {
  const archive = `${CACHE}/${basename(path)}`;
  const folder = archive.replace(/\.deb$/, "");
  await mkdir(CACHE, { recursive: true });
  if (!(await isGenuine(archive, sum))) await download(path, archive, sum);
  await rm(folder, { recursive: true, force: true });
  await Bun.$`dpkg-deb --extract ${archive} ${folder}`;
  return folder;
}

async function isGenuine(archive: string, sum: string): Promise<boolean> {
  return (await Bun.file(archive).exists()) && (await sha256(archive)) === sum;
}

async function download(path: string, archive: string, sum: string): Promise<void> {
  const complaints: string[] = [];
  for (const mirror of MIRRORS) {
    const url = `${mirror}/pool/main/${path}`;
    const { exitCode, stderr } =
      await Bun.$`/usr/lib/apt/apt-helper download-file ${url} ${archive} SHA256:${sum}`
        .quiet()
        .nothrow();
    if (exitCode === 0) return;
    complaints.push(stderr.toString().trim());
  }
  throw new Error(
    `${basename(path)} cannot be had (it takes Debian or Ubuntu): ${complaints.join("; ")}`,
  );
}
