import { ConfigError } from "../config_error.ts";
import { positionAt } from "./at_position.ts";

/** What may follow in a text, as the end of an error. */
const EXPECTED = {
  value: "a value is expected",
  "item or end": "a value or ] is expected",
  name: "a name in double quotes is expected",
  "name or end": "a name in double quotes or } is expected",
  colon: "a colon is expected",
  "comma in list": "a comma or ] is expected",
  "comma in object": "a comma or } is expected",
  end: "the end of the file is expected",
} as const;

type State = keyof typeof EXPECTED;

/** A list, or the names of an object. */
type Open = "list" | Set<string>;

// RFC 8259, sections 2 to 7. No character can be read in two ways: a text without an end would take exponential time.
const TOKEN =
  /[\t\n\r ]*([[\]{}:,]|"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))?/;

// As in the parser of TOML.
const MAX_DEPTH = 1000;

/**
 * Parses JSON (RFC 8259). A byte-order mark before it is skipped.
 *
 * @param text the text of the whole file
 * @returns the content; `undefined` for a blank text
 * @throws ConfigError with line and column of the first mistake and of each name that is given twice, without quoting the
 *   text: it may contain secrets
 */
export function parseJsonText(text: string): unknown {
  const json = text.replace(/^\ufeff/, "");
  if (json.trim() === "") return undefined;
  const mistakes = findMistakes(json);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return JSON.parse(json);
}

function findMistakes(json: string): string[] {
  const mistakes: string[] = [];
  const open: Open[] = [];
  const reader = new RegExp(TOKEN, "y");
  let state: State = "value";
  for (;;) {
    const start = reader.lastIndex;
    const found = reader.exec(json);
    // The runtime gives up at about a million escapes.
    if (!found) return [...mistakes, positionAt(json, start, "a text is too long")];
    const token: string | undefined = found[1];
    const index = reader.lastIndex - (token?.length ?? 0);
    if (index === json.length && state === "end") return mistakes;
    const isRepeated = token !== undefined && isRepeatedName(token, state, open);
    if (isRepeated) mistakes.push(positionAt(json, index, "this name is given twice"));
    const next: State | undefined =
      token === undefined ? undefined : stateAfter(token, state, open);
    if (next === undefined) {
      return [...mistakes, positionAt(json, index, describeMistake(json, index, state))];
    }
    if (open.length > MAX_DEPTH) return [positionAt(json, index, "it is nested too deeply")];
    state = next;
  }
}

function isRepeatedName(token: string, state: State, open: readonly Open[]): boolean {
  const names = open.at(-1);
  if (!state.startsWith("name") || !(names instanceof Set) || !token.startsWith('"')) return false;
  const name = JSON.parse(token) as string;
  const isKnown = names.has(name);
  names.add(name);
  return isKnown;
}

/** What follows a token; `undefined` when it must not stand there. Keeps the list of what is open. */
function stateAfter(token: string, state: State, open: Open[]): State | undefined {
  const isEnd = state.startsWith("comma") || state.endsWith("or end");
  if ((token === "]" || token === "}") && isEnd) {
    if ((token === "]") !== (open.at(-1) === "list")) return undefined;
    open.pop();
    return afterValue(open);
  }
  if (token === ":") return state === "colon" ? "value" : undefined;
  if (token === ",") return state === "comma in list" ? "value" : afterComma(state);
  if (state.startsWith("name")) return token.startsWith('"') ? "colon" : undefined;
  if (state !== "value" && state !== "item or end") return undefined;
  if (token === "]" || token === "}") return undefined;
  if (token !== "[" && token !== "{") return afterValue(open);
  open.push(token === "[" ? "list" : new Set());
  return token === "[" ? "item or end" : "name or end";
}

function afterComma(state: State): State | undefined {
  return state === "comma in object" ? "name" : undefined;
}

function afterValue(open: readonly Open[]): State {
  const innermost = open.at(-1);
  if (innermost === undefined) return "end";
  return innermost === "list" ? "comma in list" : "comma in object";
}

function describeMistake(json: string, index: number, state: State): string {
  const rest = json.slice(index, index + 2);
  if (rest === "") return `the file ends too early: ${EXPECTED[state]}`;
  if (/^(\/\/|\/\*|#)/.test(rest)) return "JSON has no comments: remove it, or write TOML or YAML";
  if (!rest.startsWith('"') || state === "colon" || state.startsWith("comma")) {
    return EXPECTED[state];
  }
  return "a text has no end, or a character that must be escaped";
}
