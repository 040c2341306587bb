import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of its own, removed with all that is in it. */
export interface Folder extends AsyncDisposable {
  path: (name: string) => string;
}

/** Makes a folder with these files. */
export async function folderWith(files: Record<string, string> = {}): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), "signway-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await Bun.write(join(folder, name), text);
  }
  return {
    path: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
