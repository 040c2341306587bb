import { parse as parseToml, TomlError } from "smol-toml";
import { isCollection, LineCounter, parseDocument, visit } from "yaml";
import { ConfigError } from "./config_error.ts";

/** The parsers of configuration files, by their extensions. JSON is a subset of YAML. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  toml: parseTomlText,
  yaml: parseYamlText,
  yml: parseYamlText,
  json: parseYamlText,
};

/**
 * Parses the text of a configuration file.
 *
 * @param text the text of the whole file
 * @param path the path of the file; its extension, `.toml`, `.yaml`, `.yml` or `.json`, sets the format
 * @returns the content, with tables as objects and lists as arrays
 * @throws ConfigError with line and column of each mistake, without quoting the text: it may contain secrets
 */
export function parseConfigText(text: string, path: string): unknown {
  const parse = PARSERS[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ""];
  if (!parse) throw new ConfigError([`${path} must end in .toml, .yaml, .yml or .json`]);
  return parse(text);
}

function parseTomlText(text: string): unknown {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line of the message does not quote the file.
    const [reason = ""] = error.message.split("\n");
    throw new ConfigError([
      atPosition(error.line, error.column, reason.replace(/^Invalid TOML document: /, "")),
    ]);
  }
}

function parseYamlText(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const mistakes: string[] = [];
  const addMistake = (offset: number, reason: string) => {
    const { line, col } = lineCounter.linePos(offset);
    mistakes.push(atPosition(line, col, reason));
  };
  for (const { pos, code } of [...document.errors, ...document.warnings]) {
    addMistake(pos[0], code.toLowerCase().replaceAll("_", " "));
  }
  visit(document, {
    Alias: (_, { range }) =>
      addMistake(range?.[0] ?? 0, "aliases are not supported: write the value itself"),
    Pair(_, { key }) {
      if (isCollection(key)) addMistake(key.range?.[0] ?? 0, "a key must be a text");
    },
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return document.toJS();
}

function atPosition(line: number, column: number, reason: string): string {
  return `line ${line}, column ${column}: ${reason}`;
}
