import type { Environment } from "../../config/environment.ts";
import { programArguments } from "./program_arguments.ts";

const LIMIT = "BUN_CONFIG_MAX_HTTP_REQUESTS";
// The maximum that the runtime accepts.
const MAX_HTTP_REQUESTS = "65535";

// The runtime compiles a function once it has enough points, 15 for each call by default. A request calls most functions once,
// so they were compiled from the 100th request on, and the last ones at the 900th. With ten times as many points that is the
// 40th and the 200th, for 9 ms of CPU at the start.
const POINTS = "BUN_JSC_executionCounterIncrementForEntry";
const POINTS_OF_CALL = "150";
// The runtime does not start with a setting that it does not know, and others than these were not tried.
const RUNTIMES_WITH_POINTS = "1.4.5";

/**
 * Adds the settings of the runtime that it reads only at the start of a process: the limit of concurrent requests of
 * `fetch`, whose default is 256, and when functions are compiled.
 *
 * @param env the environment variables
 * @returns a copy with the settings; one that is already set stays
 */
export function withRuntimeSettings(env: Environment): Environment {
  const settings = { ...env, [LIMIT]: env[LIMIT] || MAX_HTTP_REQUESTS };
  if (!Bun.semver.satisfies(Bun.version, RUNTIMES_WITH_POINTS)) return settings;
  return { ...settings, [POINTS]: env[POINTS] || POINTS_OF_CALL };
}

/**
 * Relaunches this program with {@link withRuntimeSettings} by execve, unless the limit is set already. The process id
 * stays the same. All descriptors except stdin, stdout and stderr are closed.
 */
export function relaunchWithSettings(): void {
  if (process.env[LIMIT]) return;
  const env = withRuntimeSettings(process.env) as NodeJS.ProcessEnv;
  process.execve?.(process.execPath, commandLine(), env);
}

/** @returns the command line that starts this program again: from source, or the compiled binary */
export function commandLine(): string[] {
  const isCompiled = Bun.main.startsWith("/$bunfs/");
  const script = isCompiled ? [] : [...process.execArgv, Bun.main];
  return [process.execPath, ...script, ...programArguments()];
}
