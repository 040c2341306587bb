import { existsSync } from "node:fs";
import { ROOT } from "../../support/root.ts";

const VERSION = "v1.7.7";
const FOLDER = `${ROOT}/.cache/actionlint-${VERSION}`;

/** Installs the linter of workflows through Go's module proxy, once; resolves with its path. */
export async function installActionlint(): Promise<string> {
  const command = `${FOLDER}/actionlint`;
  if (existsSync(command)) return command;
  if (!Bun.which("go")) throw new Error("go is missing");
  const env = { ...process.env, GOBIN: FOLDER };
  const install = Bun.$`go install github.com/rhysd/actionlint/cmd/actionlint@${VERSION}`.env(env);
  const { exitCode, stderr } = await install.quiet().nothrow();
  if (exitCode !== 0) throw new Error(stderr.toString());
  return command;
}
