/** The longest unverified app id and origin that a record contains, in characters. */
const MAX_ID = 64;
const MAX_ORIGIN = 256;

/**
 * The id that an unverified request names, for the record.
 *
 * @param id the id in the request, which no app has
 * @returns the start of the id, escaped, at most 64 characters; of a token, which a signer may take for an
 *   id, nothing
 */
export function claimedId(id: string): string {
  return id.startsWith("eyJ") ? "…" : printable(id, MAX_ID);
}

// Without a URL parser, because the text is not verified.
const ORIGIN = /^[\s\0]*(https?:)[\s/\\]*([^/\\?#]*)/i;

/**
 * Scheme, host and port of the target that an unverified request names, for the record.
 *
 * @param target the target as received
 * @returns them without user info, escaped, at most 256 characters; `undefined` unless it is http(s)
 */
export function claimedOrigin(target: string): string | undefined {
  const [, scheme, authority = ""] = ORIGIN.exec(target) ?? [];
  if (!scheme) return undefined;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return printable(`${scheme}//${host}`.toLowerCase(), MAX_ORIGIN);
}

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
