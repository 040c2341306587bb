import type { Members } from "./requests/request_table.ts";

/** Other spellings of a name that an API may read as the same: in snake or camel case, and in capitals. */
export function spellingsOf(name: string): string[] {
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const capital = name.slice(0, 1).toUpperCase() + name.slice(1);
  const all = [camel, snake, capital, name.toUpperCase(), name.toLowerCase()];
  return [...new Set(all)].filter((other) => other !== name);
}

/** The text of a body in which a name is written with escapes: `"\u0073tore"`. */
export function withEscapedName(body: Members, name: string): string {
  const escaped = [...name].map(
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return JSON.stringify(body).replaceAll(`${JSON.stringify(name)}:`, `"${escaped.join("")}":`);
}
