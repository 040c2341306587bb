import { mkdir, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { sha256OfFile } from "../checksums.ts";

const CACHE = `${dirname(dirname(import.meta.dirname))}/.cache/debian`;

// The first drops a package when a newer one replaces it; the second keeps every version.
const MIRRORS = [
  "http://deb.debian.org/debian",
  "http://snapshot.debian.org/archive/debian/20261101T000000Z",
];

/** One version of a Debian package, for one processor. */
export interface DebianPackage {
  /** The path of the archive below the mirror's `pool/main/`. */
  path: string;
  /** Its SHA-256 in hexadecimal digits, as `apt-cache show` prints it from the signed index. */
  sha256: string;
}

/**
 * Fetches and unpacks a package with Debian's own tools. Nothing is installed.
 *
 * @returns the folder with the package's files
 * @throws Error when the tools are missing or no mirror has the package with the right SHA-256
 */
export async function unpackDebianPackage({ path, sha256 }: DebianPackage): Promise<string> {
  const archive = `${CACHE}/${basename(path)}`;
  const folder = archive.replace(/\.deb$/, "");
  await mkdir(CACHE, { recursive: true });
  if (!(await isGenuine(archive, sha256))) await download({ path, sha256 }, archive);
  await rm(folder, { recursive: true, force: true });
  await Bun.$`dpkg-deb --extract ${archive} ${folder}`;
  return folder;
}

async function isGenuine(archive: string, digest: string): Promise<boolean> {
  return (await Bun.file(archive).exists()) && (await sha256OfFile(archive)) === digest;
}

async function download({ path, sha256 }: DebianPackage, archive: string): Promise<void> {
  const complaints: string[] = [];
  for (const mirror of MIRRORS) {
    const url = `${mirror}/pool/main/${path}`;
    const { exitCode, stderr } =
      await Bun.$`/usr/lib/apt/apt-helper download-file ${url} ${archive} SHA256:${sha256}`
        .quiet()
        .nothrow();
    if (exitCode === 0) return;
    complaints.push(stderr.toString().trim());
  }
  throw new Error(
    `${basename(path)} cannot be had (it takes Debian or Ubuntu): ${complaints.join("; ")}`,
  );
}
