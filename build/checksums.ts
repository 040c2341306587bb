import { join } from "node:path";

/**
 * The SHA-256 of files, as `sha256sum --check` reads them.
 *
 * @param folder where they lie
 * @param names of the files, in any order
 */
export async function checksums(folder: string, names: readonly string[]): Promise<string> {
  const lines = names.toSorted().map(async (name) => {
    return `${await sha256(join(folder, name))}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function sha256(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest("hex");
}
