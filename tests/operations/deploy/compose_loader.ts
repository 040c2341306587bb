import { join } from "node:path";
import { ROOT } from "../../support/root.ts";

const SOURCE = join(import.meta.dirname, "compose_loader");
const COMMAND = join(ROOT, ".cache/compose_loader");

/** Builds the program that loads a compose file as Docker Compose does; resolves with its path. */
export async function buildComposeLoader(): Promise<string> {
  if (!Bun.which("go")) throw new Error("go is missing");
  const build = Bun.$`go build -mod=readonly -o ${COMMAND} .`.cwd(SOURCE);
  const { exitCode, stderr } = await build.quiet().nothrow();
  if (exitCode !== 0) throw new Error(stderr.toString());
  return COMMAND;
}
