const NOT_UNRESERVED = /[^A-Za-z0-9\-._~]/gu;
const NOT_UNRESERVED_OR_SLASH = /[^A-Za-z0-9\-._~/]/gu;
const ESCAPE_OR_OTHER = /%([0-9a-f]{2})|[^A-Za-z0-9\-._~]/giu;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * Encodes the bytes of a text in UTF-8, except the unreserved characters of RFC 3986, section 2.3.
 *
 * @param text any text
 * @param keepsSlash whether `/` stays as it is
 */
export function encodeAll(text: string, keepsSlash: boolean): string {
  return text.replace(keepsSlash ? NOT_UNRESERVED_OR_SLASH : NOT_UNRESERVED, encodeCharacter);
}

/**
 * Writes a part of a URL in the one form in which AWS signs it: unreserved characters as they are, everything else
 * percent-encoded, with capitals. What it means does not change.
 *
 * @param part a name, a value or a segment, as it is in a URL
 */
export function normalizeEncoding(part: string): string {
  return part.replace(ESCAPE_OR_OTHER, (character, hex: string | undefined) => {
    if (hex === undefined) return encodeCharacter(character);
    const decoded = String.fromCharCode(parseInt(hex, 16));
    return UNRESERVED.test(decoded) ? decoded : character.toUpperCase();
  });
}

function encodeCharacter(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(
    "",
  );
}
