import { readFileSync } from "node:fs";

/**
 * Returns the arguments of this program. When Bun runs the program from source, it removes a leading `--`.
 * This function restores it, so that an id or secret that begins with a dash is not parsed as an option.
 *
 * @returns the command line without the name of the program
 */
export function programArguments(): string[] {
  const args = process.argv.slice(2);
  return hasLostDashes(args) ? ["--", ...args] : args;
}

function hasLostDashes(args: readonly string[]): boolean {
  // `bun server.ts -- --option` passes an option, as `bun run` does.
  if (args.length === 0 || /^--/.test(args[0]!)) return false;
  return commandLineOfProcess().at(-args.length - 1) === "--";
}

/** The command line as the kernel received it; empty on a system without /proc. */
function commandLineOfProcess(): string[] {
  try {
    return readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}
