// Unicode names no smaller class with all characters that NFKC changes. Most letters are not in it.
const MAY_CHANGE = /[\p{Changes_When_NFKC_Casefolded}--[\0-\x7f]]/gv;
const ASCII = /[\0-\x7f]/;

/**
 * Replaces characters with the ASCII that some servers read in their place: those that normalize text (NFKC), as with
 * full-width letters and ligatures, and those that convert it by best-fit tables.
 */
export function foldLookAlikes(text: string): string {
  return text
    .replace(MAY_CHANGE, normalized)
    .replace(/[\u2044\u2215]/g, "/")
    .replace(/\u2216/g, "\\");
}

// The path of a route is read before anything is verified, and looking up takes half the time of normalizing. Unicode has
// 10,557 of these characters, which bounds the memory.
const known = new Map<string, string>();

function normalized(character: string): string {
  const found = known.get(character);
  if (found !== undefined) return found;
  const compatible = character.normalize("NFKC");
  const read = ASCII.test(compatible) ? compatible : character;
  known.set(character, read);
  return read;
}

/**
 * Decodes UTF-8 like a decoder that checks nothing: it accepts overlong forms, sequences of up to six
 * bytes, and surrogates. A byte that starts no sequence becomes the character with its number.
 *
 * @param bytes bytes that are not valid UTF-8
 */
export function lenientUtf8(bytes: readonly number[]): string {
  let text = "";
  for (let start = 0; start < bytes.length;) {
    const { code, length } = characterAt(bytes, start);
    text += String.fromCodePoint(code);
    start += length;
  }
  return text;
}

function characterAt(bytes: readonly number[], start: number): { code: number; length: number } {
  const lead = bytes[start]!;
  const length = lengthAfter(lead);
  let code = lead & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = bytes[start + i] ?? 0;
    // C0 and C1 never occur in UTF-8. Some decoders accept any byte after them.
    if (next >> 6 !== 2 && lead > 0xc1) return { code: lead, length: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  return length === 1 || code > 0x10ffff ? { code: lead, length: 1 } : { code, length };
}

/** The length in bytes of the sequence that a lead byte starts. */
function lengthAfter(lead: number): number {
  if (lead < 0xc0 || lead > 0xfd) return 1;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  if (lead < 0xf8) return 4;
  return lead < 0xfc ? 5 : 6;
}
