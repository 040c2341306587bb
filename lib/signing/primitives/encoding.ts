const encoder = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** @throws TypeError when a body is neither text nor bytes. */
export function assertBody(body: string | Uint8Array | undefined): void {
  if (body === undefined || typeof body === "string") return;
  // `instanceof` would refuse the bytes of another realm, such as a test runner's.
  if (body?.BYTES_PER_ELEMENT === 1) return;
  throw new TypeError("body is text or bytes: JSON.stringify what is neither");
}

/** The bytes of all parts, one after the other. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hex digits, two a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes of an even number of hex digits; the caller has checked that there is nothing else. */
export function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (digit(digits, 2 * i) << 4) | digit(digits, 2 * i + 1);
  }
  return bytes;
}

// Of a letter, in ASCII, the low bits count from 1 for both cases.
function digit(digits: string, index: number): number {
  const code = digits.charCodeAt(index);
  return code < 0x3a ? code - 0x30 : (code & 7) + 9;
}

const percent = (character: string) => "%" + HEX[character.charCodeAt(0)]!.toUpperCase();

/** Percent-encodes all but `A-Z a-z 0-9 - _ . ~` (RFC 3986, section 2.3). */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

/** The same with `+` for a space, as the form encoders of Python and Ruby write it. */
export function encodeForm(text: string): string {
  return encodeRfc3986(text).replaceAll("%20", "+");
}

/**
 * Reverses each of the encodings above, and `encodeURIComponent`.
 *
 * @throws URIError when a `%` is not followed by two hex digits, or the text is not well-formed Unicode
 */
export function decodeForm(text: string): string {
  if (!text.isWellFormed()) throw new URIError("half a surrogate pair");
  if (!text.includes("%") && !text.includes("+")) return text;
  return decodeURIComponent(text.replaceAll("+", " "));
}
