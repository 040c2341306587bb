import { programArguments } from "./program_arguments.ts";

const LIMIT = "BUN_CONFIG_MAX_HTTP_REQUESTS";
// The maximum that the runtime accepts.
const MAX_HTTP_REQUESTS = "65535";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the limit of concurrent requests of `fetch` to an environment. The default of the runtime is 256. The
 * runtime reads the limit only at the start of a process.
 *
 * @param env the environment variables
 * @returns a copy with the limit; a limit that is already set stays
 */
export function withLimits(env: Environment): Environment {
  return { ...env, [LIMIT]: env[LIMIT] || MAX_HTTP_REQUESTS };
}

/**
 * Relaunches this program with {@link withLimits} by execve, unless the limit is set already. The process id
 * stays the same. All descriptors except stdin, stdout and stderr are closed.
 */
export function relaunchWithLimits(): void {
  if (process.env[LIMIT]) return;
  process.execve?.(process.execPath, commandLine(), withLimits(process.env) as NodeJS.ProcessEnv);
}

/** @returns the command line that starts this program again: from source, or the compiled binary */
export function commandLine(): string[] {
  const isCompiled = Bun.main.startsWith("/$bunfs/");
  const script = isCompiled ? [] : [...process.execArgv, Bun.main];
  return [process.execPath, ...script, ...programArguments()];
}
