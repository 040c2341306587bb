import { unpackDebianPackage } from "./debian_package.ts";

/** Debian's C library, beside the binary in a container. */
export const LIBC = {
  name: "libc6",
  version: "2.36-9+deb12u14",
  distribution: "debian-12",
  /** The packages' SHA-256, as `apt-cache show libc6:arm64` prints them from the signed index. */
  packages: {
    amd64: "ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf",
    arm64: "01f4330719fd4f65580e16ea5a0527f372fca750e8f588d26deaf09f2d3b1cf4",
  },
  /** The libraries that the binary asks for: their paths in the container, and in the package. */
  files: {
    amd64: {
      "/lib64/ld-linux-x86-64.so.2": "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
      ...libraryFiles("lib/x86_64-linux-gnu"),
    },
    arm64: {
      "/lib/ld-linux-aarch64.so.1": "lib/aarch64-linux-gnu/ld-linux-aarch64.so.1",
      ...libraryFiles("lib/aarch64-linux-gnu"),
    },
  },
} as const;

/** The processors that the C library is there for, by the names that Debian and Go use. */
export type Architecture = keyof typeof LIBC.packages;

function libraryFiles(folder: string): Record<string, string> {
  const names = ["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2"];
  return Object.fromEntries(names.map((name) => [`/${folder}/${name}`, `${folder}/${name}`]));
}

/**
 * Fetches and unpacks the C library.
 *
 * @returns the folder with the package's files
 */
export async function unpackLibc(architecture: Architecture): Promise<string> {
  const { name, version, packages } = LIBC;
  const path = `g/glibc/${name}_${version}_${architecture}.deb`;
  return await unpackDebianPackage({ path, sha256: packages[architecture] });
}
