import { join } from "node:path";

/**
 * Lists the SHA-256 of files in the form that `sha256sum --check` reads.
 *
 * @param folder where the files are
 * @param names of the files, in any order
 */
export async function formatChecksums(folder: string, names: readonly string[]): Promise<string> {
  const lines = names.toSorted().map(async (name) => {
    return `${await sha256OfFile(join(folder, name))}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hash.update(chunk);
  return hash.digest("hex");
}
