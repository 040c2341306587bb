import { parse as parseToml, TomlError } from "smol-toml";
import { atPosition } from "./at_position.ts";
import { ConfigError } from "../config_error.ts";
import { utf8Mistake } from "./not_utf8.ts";
import { describeTomlMistake } from "./toml_mistakes.ts";

/** The parsers of configuration files, by their extensions. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  toml: parseTomlText,
  yaml: parseYaml,
  yml: parseYaml,
  json: parseJson,
};

/**
 * Parses the text of a configuration file.
 *
 * @param text the text of the whole file
 * @param path the path of the file; its extension, `.toml`, `.yaml`, `.yml` or `.json`, sets the format
 * @returns the content, with tables as objects and lists as arrays
 * @throws ConfigError with path, line and column of each mistake, without quoting the text: it may contain secrets
 */
export function parseConfigText(text: string, path: string): unknown {
  const parse = PARSERS[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ""];
  if (!parse) throw new ConfigError([`${path} must end in .toml, .yaml, .yml or .json`]);
  const mistake = utf8Mistake(text);
  if (mistake !== undefined) throw new ConfigError([`${path} ${mistake}`]);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.mistakes.map((reason) => `${path}: ${reason}`));
  }
}

function parseTomlText(text: string): unknown {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = describeTomlMistake(error.message);
    throw new ConfigError([atPosition(error.line, error.column, reason)]);
  }
}

// Loaded only for a file in JSON or YAML: a start loads what it needs and no more.
function parseJson(text: string): unknown {
  const { parseJsonText } = require("./parse_json.ts") as typeof import("./parse_json.ts");
  return parseJsonText(text);
}

function parseYaml(text: string): unknown {
  const { parseYamlText } = require("./parse_yaml.ts") as typeof import("./parse_yaml.ts");
  return parseYamlText(text);
}
