import { readFileSync } from "node:fs";

/**
 * The arguments of this program. When Bun runs it from its source, it takes away a `--` that comes
 * first, and an id or secret with a dash would be taken for an option.
 */
export function programArguments(): string[] {
  const args = process.argv.slice(2);
  return hasLostDashes(args) ? ["--", ...args] : args;
}

function hasLostDashes(args: readonly string[]): boolean {
  // Behind `bun server.ts --`, as behind `bun run`, options are options.
  if (args.length === 0 || /^--/.test(args[0]!)) return false;
  return commandLineOfProcess().at(-args.length - 1) === "--";
}

/** As the kernel was given it; nothing where there is no /proc. */
function commandLineOfProcess(): string[] {
  try {
    return readFileSync("/proc/self/cmdline", "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}
