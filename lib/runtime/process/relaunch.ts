import { programArguments } from "./program_arguments.ts";

// The most that the runtime takes.
const MAX_HTTP_REQUESTS = "65535";

/**
 * Starts this process over with what the runtime reads from the environment only at its start: how
 * many requests `fetch` has under way at once, which would be 256. The process id stays the same.
 */
export function relaunchWithLimits(): void {
  if (process.env["BUN_CONFIG_MAX_HTTP_REQUESTS"]) return;
  process.execve?.(process.execPath, commandLine(), {
    ...process.env,
    BUN_CONFIG_MAX_HTTP_REQUESTS: MAX_HTTP_REQUESTS,
  });
}

/** @returns the command line that starts this program again, from its source or compiled */
export function commandLine(): string[] {
  const isCompiled = Bun.main.startsWith("/$bunfs/");
  const script = isCompiled ? [] : [...process.execArgv, Bun.main];
  return [process.execPath, ...script, ...programArguments()];
}
