import { programArguments } from "./program_arguments.ts";

const LIMIT = "BUN_CONFIG_MAX_HTTP_REQUESTS";
// The most that the runtime takes.
const MAX_HTTP_REQUESTS = "65535";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds what the runtime reads from the environment only at the start of a process: how many requests
 * `fetch` has under way at once, which would be 256.
 *
 * @param env the environment variables; a limit of the operator's own stays
 */
export function withLimits(env: Environment): Environment {
  return { ...env, [LIMIT]: env[LIMIT] || MAX_HTTP_REQUESTS };
}

/**
 * Starts this process over with {@link withLimits}. The process id stays the same. Of the open
 * descriptors only stdin, stdout and stderr stay.
 */
export function relaunchWithLimits(): void {
  if (process.env[LIMIT]) return;
  process.execve?.(process.execPath, commandLine(), withLimits(process.env) as NodeJS.ProcessEnv);
}

/** @returns the command line that starts this program again, from its source or compiled */
export function commandLine(): string[] {
  const isCompiled = Bun.main.startsWith("/$bunfs/");
  const script = isCompiled ? [] : [...process.execArgv, Bun.main];
  return [process.execPath, ...script, ...programArguments()];
}
