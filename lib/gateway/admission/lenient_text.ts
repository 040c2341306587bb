// Best-fit conversions and compatibility normalization (NFKC) turn these into ASCII.
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const FROM_FULL_WIDTH = 0xfee0;

/** Further characters that they turn into path syntax. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  "\ufe52": ".",
  "\u2024": ".",
  "\u2025": "..",
  "\u2044": "/",
  "\u2215": "/",
  "\ufe68": "\\",
  "\u2216": "\\",
  "\ufe6a": "%",
  "\ufe54": ";",
};

const LOOK_ALIKE = new RegExp(`[${Object.keys(LOOK_ALIKES).join("")}]`, "g");

/** Replaces full-width characters, and others that some servers read as `.`, `/`, `\`, `%` or `;`, with ASCII. */
export function foldLookAlikes(text: string): string {
  return text
    .replace(FULL_WIDTH, (wide) => String.fromCharCode(wide.charCodeAt(0) - FROM_FULL_WIDTH))
    .replace(LOOK_ALIKE, (character) => LOOK_ALIKES[character]!);
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
