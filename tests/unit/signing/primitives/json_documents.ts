import type { Random } from "../../../support/random.ts";

const NUMBERS = [
  "0",
  "-0",
  "1",
  "-17",
  "1.0",
  "2.50",
  "1e5",
  "1E+2",
  "3e-9",
  "9007199254740991",
  "0.1",
];
const TEXTS = [
  "",
  "a",
  "\u00e9",
  "\u{1f511}",
  '"',
  "\\",
  "/",
  "\n",
  "\0",
  "\u2028",
  "__proto",
  "null",
];
const WHITE_SPACE = ["", "", "", " ", "\n", "\t\r", "  "];

/** A random document that parseStrictJson accepts. */
export function jsonDocument(random: Random, depth = 0): string {
  const space = () => random.pick(WHITE_SPACE);
  const around = (text: string) => `${space()}${text}${space()}`;
  const kind = random.below(depth > 4 ? 4 : 6);
  if (kind === 0) return around(random.pick(["null", "true", "false"]));
  if (kind === 1) return around(random.pick(NUMBERS));
  if (kind < 4) return around(quoted(random, random.pick(TEXTS) + random.pick(TEXTS)));
  const items = Array.from({ length: random.below(5) }, (_, i) => {
    const value = jsonDocument(random, depth + 1);
    return kind === 4 ? value : `${around(quoted(random, random.pick(TEXTS) + i))}:${value}`;
  });
  const inner = items.length > 0 ? items.join(",") : space();
  return around(kind === 4 ? `[${inner}]` : `{${inner}}`);
}

/** A text of JSON, with some characters escaped that need not be. */
function quoted(random: Random, text: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const written = JSON.stringify(text).slice(1, -1);
  if (written.includes("\\") || random.below(3) > 0) return `"${written}"`;
  return `"${written.split("").map(escape).join("")}"`;
}

const PIECES = [
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  '"',
  "\\",
  "0",
  "-",
  ".",
  "e",
  "t",
  " ",
  "\ufeff",
  "\0",
  "\u00a0",
];

/** The document with one to three changes. */
export function mutated(random: Random, document: string): string {
  let text = document;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const index = random.below(text.length + 1);
    const piece = random.pick(PIECES);
    text =
      text.slice(0, index) +
      random.pick([piece, "", `${piece}${text.charAt(index)}`]) +
      text.slice(index + 1);
  }
  return text;
}
