// Control characters (C0 and C1), format characters such as the bidirectional ones, lone surrogates,
// unassigned characters, and the separators that some viewers show as a line break.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * Escapes the characters of a text that a viewer of logs could act on.
 *
 * @param text any text
 * @param limit the longest result, in UTF-16 code units. Default: no limit.
 */
export function printable(text: string, limit = Infinity): string {
  if (text.length <= limit && !UNPRINTABLE.test(text)) return text;
  let escaped = "";
  for (const character of text) {
    const next = UNPRINTABLE.test(character) ? escape(character) : character;
    if (escaped.length + next.length > limit) break;
    escaped += next;
  }
  return escaped;
}

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
