import { existsSync } from "node:fs";
import { acquireLock } from "./lock.ts";
import { ROOT } from "./root.ts";

/**
 * Builds a program from Go's module proxy, once.
 *
 * @param path of its package, as `go install` takes it
 * @param version such as `v1.2.3`
 * @returns the path of the program
 */
export async function installGoProgram(path: string, version: string): Promise<string> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const folder = `${ROOT}/.cache/${name}-${version}`;
  using _ = await acquireLock(name);
  const program = `${folder}/${name}`;
  if (existsSync(program)) return program;
  const go = Bun.which("go") ?? Bun.which("go", { PATH: "/usr/local/go/bin" });
  if (!go) throw new Error("go is missing");
  const install = Bun.$`${go} install ${path}@${version}`.env({ ...process.env, GOBIN: folder });
  const { exitCode, stderr } = await install.quiet().nothrow();
  if (exitCode !== 0) throw new Error(stderr.toString());
  return program;
}
