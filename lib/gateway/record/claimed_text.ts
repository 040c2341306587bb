/** How much of an app's id a record holds, and of a target, while nobody has verified them. */
const MAX_ID = 64;
const MAX_ORIGIN = 256;

/**
 * The id that an unverified request names, for the record.
 *
 * @param id of an app that does not exist
 * @returns its beginning, escaped, at most 64 characters
 */
export function claimedId(id: string): string {
  return printable(id, MAX_ID);
}

// Not by a URL parser: nobody has verified the text.
const ORIGIN = /^[\s\0]*(https?:)[\s/\\]*([^/\\?#]*)/i;

/**
 * Scheme, host and port of the target that an unverified request names, for the record.
 *
 * @param target as it stands in the request
 * @returns them without user info, escaped, at most 256 characters; `undefined` for another scheme
 */
export function claimedOrigin(target: string): string | undefined {
  const [, scheme, authority = ""] = ORIGIN.exec(target) ?? [];
  if (!scheme) return undefined;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return printable(`${scheme}//${host}`.toLowerCase(), MAX_ORIGIN);
}

// Control characters (C0 and C1), format characters such as the bidirectional ones, halves of surrogate
// pairs, characters without a meaning, and the separators that some viewers take for a line end.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

function printable(text: string, limit: number): string {
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
