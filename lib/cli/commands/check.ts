import { ConfigError } from "../../config/config_error.ts";
import { describeSettings } from "../../config/description/describe_settings.ts";
import { jsonSchema } from "../../config/json_schema.ts";
import { warningsOf } from "../../config/warnings/warnings.ts";
import type { Environment } from "../../config/environment.ts";
import { loadSettingsFile } from "../support/load_settings.ts";
import type { ReadText } from "../../config/read_text.ts";

/** Options of {@link check}. */
export interface CheckOptions {
  /** Whether to return the JSON Schema and not to check a file. */
  schema: boolean;
  env: Environment;
  /** Reads the configuration file and the files that it refers to. */
  read: ReadText;
}

/**
 * `signway check`: validates a configuration file.
 *
 * @param files the path of the file alone; not used with `schema`
 * @param options the environment, the file reader, and whether the schema is wanted
 * @returns the description of the settings followed by the warnings, or the JSON Schema; with a newline
 * @throws ConfigError with all mistakes of the command line or the file
 */
export function check(files: readonly string[], { schema, env, read }: CheckOptions): string {
  if (schema) return JSON.stringify(jsonSchema(), null, 2) + "\n";
  const [file, ...rest] = files;
  if (file === undefined || rest.length > 0)
    throw new ConfigError(["check needs exactly one FILE"]);
  const settings = loadSettingsFile(file, env, read);
  const warnings = warningsOf(settings, false).map(({ text }) => `Warning: ${text}.\n`);
  return [describeSettings(settings), ...(warnings.length > 0 ? ["\n", ...warnings] : [])].join("");
}
