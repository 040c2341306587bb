import { SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { loadSettings } from "../../../lib/cli/support/load_settings.ts";
import { parseArguments } from "../../../lib/cli/arguments/parse_arguments.ts";
import { ConfigError } from "../../../lib/config/config_error.ts";
import type { Settings } from "../../../lib/config/settings.ts";

/** The environment of a command line, and the files that it can read. */
export interface Surroundings {
  env?: Record<string, string>;
  files?: Record<string, string>;
}

/** The settings of a command line. */
export function settingsOf(args: string[], { env = {}, files = {} }: Surroundings = {}): Settings {
  return loadSettings(parseArguments(args, SERVE_FLAGS), env, (path) => files[path]);
}

/** What is wrong with a command line; empty when nothing is. */
export function mistakesOf(args: string[], surroundings: Surroundings = {}): readonly string[] {
  try {
    settingsOf(args, surroundings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}
