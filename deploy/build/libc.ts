import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { sha256 } from "./checksums.ts";

const CACHE = `${dirname(dirname(import.meta.dirname))}/.cache/libc`;

/** Debian's C library, beside the binary in a container. */
export const LIBC = {
  name: "libc6",
  version: "2.36-9+deb12u14",
  distribution: "debian-12",
  /** The packages' SHA-256, as `apt-cache show libc6:arm64` tells them from the signed index. */
  packages: {
    amd64: "ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf",
    arm64: "01f4330719fd4f65580e16ea5a0527f372fca750e8f588d26deaf09f2d3b1cf4",
  },
  /** Of the package's files those that the binary asks for. */
  files: {
    amd64: {
      "/lib64/ld-linux-x86-64.so.2": "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
      ...libraries("lib/x86_64-linux-gnu"),
    },
    arm64: {
      "/lib/ld-linux-aarch64.so.1": "lib/aarch64-linux-gnu/ld-linux-aarch64.so.1",
      ...libraries("lib/aarch64-linux-gnu"),
    },
  },
} as const;

/** The processors that it is there for, in Debian's words and in Go's. */
export type Architecture = keyof typeof LIBC.packages;

// A package leaves the first when a newer one replaces it; the second keeps every one.
const MIRRORS = [
  "http://deb.debian.org/debian",
  "http://snapshot.debian.org/archive/debian/20261101T000000Z",
];

function libraries(folder: string): Record<string, string> {
  const names = ["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2"];
  return Object.fromEntries(names.map((name) => [`/${folder}/${name}`, `${folder}/${name}`]));
}

/**
 * Fetches and unpacks the C library with Debian's own tools, leaving what is installed alone.
 *
 * @returns the folder with the package's files
 * @throws Error when the tools are missing or no mirror has the package with the right SHA-256
 */
export async function unpackLibc(architecture: Architecture): Promise<string> {
  const file = `${LIBC.name}_${LIBC.version}_${architecture}.deb`;
  const archive = `${CACHE}/${file}`;
  const folder = `${CACHE}/${LIBC.version}-${architecture}`;
  await mkdir(CACHE, { recursive: true });
  if (!(await isGenuine(archive, architecture))) await download(file, archive, architecture);
  await rm(folder, { recursive: true, force: true });
  await Bun.$`dpkg-deb --extract ${archive} ${folder}`;
  return folder;
}

async function isGenuine(archive: string, architecture: Architecture): Promise<boolean> {
  return (
    (await Bun.file(archive).exists()) && (await sha256(archive)) === LIBC.packages[architecture]
  );
}

async function download(file: string, archive: string, architecture: Architecture): Promise<void> {
  const complaints: string[] = [];
  for (const mirror of MIRRORS) {
    const url = `${mirror}/pool/main/g/glibc/${file}`;
    const checksum = `SHA256:${LIBC.packages[architecture]}`;
    const { exitCode, stderr } =
      await Bun.$`/usr/lib/apt/apt-helper download-file ${url} ${archive} ${checksum}`
        .quiet()
        .nothrow();
    if (exitCode === 0) return;
    complaints.push(stderr.toString().trim());
  }
  throw new Error(
    `${file} cannot be had (a container is built on Debian or Ubuntu): ${complaints.join("; ")}`,
  );
}
