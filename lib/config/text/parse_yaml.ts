import { isCollection, LineCounter, parseDocument, visit } from "yaml";
import { ConfigError } from "../config_error.ts";
import { atPosition } from "./at_position.ts";

/**
 * Parses YAML, and with it JSON, which is a subset.
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
