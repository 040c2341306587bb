import { ConfigError } from "../../config/config_error.ts";
import { jsonSchema } from "../../config/json_schema.ts";
import { describeSettings } from "../../config/describe_settings.ts";
import { warningsOf } from "../../config/warnings.ts";
import type { Environment } from "../arguments/environment.ts";
import { loadSettings, type ReadText } from "../support/load_settings.ts";

/** Settings of {@link check}. */
export interface CheckOptions {
  /** Whether the JSON Schema is asked for. */
  schema: boolean;
  env: Environment;
  /** How files are read. */
  read: ReadText;
}

/**
 * `signway check`: validates a configuration file.
 *
 * @param positionals the file
 * @param options where it is looked for
 * @returns what the file means, in words, or the JSON Schema
 * @throws ConfigError with every mistake at once
 */
export function check(positionals: readonly string[], { schema, env, read }: CheckOptions): string {
  if (schema) return JSON.stringify(jsonSchema(), null, 2) + "\n";
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new ConfigError(["check needs one FILE"]);
  const settings = loadSettings(
    { positionals: [], given: new Map([["config", [file]]]) },
    env,
    read,
  );
  const warnings = warningsOf(settings, false).map(({ text }) => `Warning: ${text}.\n`);
  return [describeSettings(settings), ...(warnings.length > 0 ? ["\n", ...warnings] : [])].join("");
}
