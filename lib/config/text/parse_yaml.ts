import { isCollection, LineCounter, parseDocument, visit } from "yaml";
import { ConfigError } from "../config_error.ts";
import { atPosition } from "./at_position.ts";
import { YAML_MISTAKES } from "./yaml_mistakes.ts";

// In a list or a table on one line, { begins a table. An opening character is not passed over: a long line would take
// quadratic time.
const BARE_REFERENCE = /(?:^|[[{,][^"'#[{,]*)\$\{/;
const NEEDS_QUOTES = "a value with ${...} needs quotes in YAML";

/**
 * Parses YAML.
 *
 * @param text the text of the whole file
 * @returns the content
 * @throws ConfigError with line and column of each mistake, without quoting the text: it may contain secrets
 */
export function parseYamlText(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const mistakes: string[] = [];
  const addMistake = (offset: number, reason: string) => {
    const { line, col } = lineCounter.linePos(offset);
    mistakes.push(atPosition(line, col, reason));
  };
  const lines = text.split("\n");
  const unquoted = new Set<number>();
  for (const { pos, code } of [...document.errors, ...document.warnings]) {
    const { line } = lineCounter.linePos(pos[0]);
    if (unquoted.has(line)) continue;
    const isUnquoted = BARE_REFERENCE.test(lines[line - 1]?.trim() ?? "");
    if (isUnquoted) unquoted.add(line);
    addMistake(pos[0], isUnquoted ? NEEDS_QUOTES : YAML_MISTAKES[code]);
  }
  visit(document, {
    Alias: (_, { range }) => addMistake(range?.[0] ?? 0, YAML_MISTAKES.BAD_ALIAS),
    Pair(_, { key }) {
      if (isCollection(key)) addMistake(key.range?.[0] ?? 0, YAML_MISTAKES.NON_STRING_KEY);
    },
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return document.toJS();
}
