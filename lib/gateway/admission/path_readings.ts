import { foldLookAlikes, lenientUtf8 } from "./lenient_text.ts";

/**
 * Lists the ways in which servers read a path. They agree on a plain path. Where they differ, one server
 * may serve a path that another one protects. Dot segments stay as they are: see `hasHiddenDotSegment`.
 *
 * @param path percent-encoded, with dot segments already resolved
 * @returns first the path decoded once, as most applications read it; then any different readings of
 *   servers that drop parameters (`;…`) before or after decoding, decode repeatedly, drop tabs and newlines,
 *   read `\` as `/`, merge slashes and end at NUL; an empty list when the path is encoded too many times
 */
export function pathReadings(path: string): string[] {
  const short = dropParameters(path);
  const readings = [decode(path), decode(short), decodeFully(path), decodeFully(short)];
  return readings.every((reading) => reading !== undefined) ? [...new Set(readings)] : [];
}

/**
 * Whether a path starts with a prefix and continues at a `/` boundary.
 *
 * @param prefix such as `/users` or `/users/`
 * @param path a reading of a path
 */
export function isUnder(prefix: string, path: string): boolean {
  if (prefix.endsWith("/")) return path.startsWith(prefix);
  return path === prefix || path.startsWith(`${prefix}/`);
}

function decodeFully(path: string): string | undefined {
  const decoded = decodeAll(path)?.replaceAll("\\", "/");
  return (
    decoded &&
    dropParameters(decoded)
      .replace(/\/{2,}/g, "/")
      .replace(/\0.*/s, "")
  );
}

function dropParameters(path: string): string {
  return path.replace(/;[^/]*/g, "");
}

// No legitimate client encodes a path more often.
const MAX_ROUNDS = 6;

/**
 * Decodes a path until nothing is left to decode, as the most lenient server would, including `%u002e`,
 * overlong UTF-8 and characters that normalization turns into ASCII, and without tabs and newlines.
 *
 * @returns `undefined` when this takes too many rounds; such a path is refused
 */
export function decodeAll(path: string): string | undefined {
  let decoded = path;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = decoded;
    decoded = decodeLeniently(before);
    if (decoded === before) return decoded;
  }
  return undefined;
}

const ESCAPES = /(%[0-9a-f]{2})+/gi;

function decode(text: string): string {
  return text.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      // Not UTF-8: each byte becomes the character with its number.
      return String.fromCharCode(...bytesOf(escapes));
    }
  });
}

// What the WHATWG URL parser, Python's and others remove, wherever it stands.
const DROPPED = /[\t\n\r]/g;

function decodeLeniently(text: string): string {
  const unescaped = text.replace(/%u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const decoded = unescaped.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return lenientUtf8(bytesOf(escapes));
    }
  });
  return foldLookAlikes(decoded).replace(DROPPED, "");
}

function bytesOf(escapes: string): number[] {
  return escapes.match(/[0-9a-f]{2}/gi)!.map((hex) => parseInt(hex, 16));
}
