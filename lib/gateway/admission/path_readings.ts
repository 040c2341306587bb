/**
 * The ways in which servers read a path. They agree on a plain one; where they differ, what one of
 * them guards another serves. Dot segments are left as they are: see `hasHiddenDotSegment`.
 *
 * @param path percent-encoded, dot segments already resolved
 * @returns first the path decoded once, as most applications see it; then, where they differ, as
 *   those see it that drop parameters (`;…`) before or after decoding, decode again and again, take
 *   `\` for `/` and join slashes; nothing when it is encoded too often to tell
 */
export function pathReadings(path: string): string[] {
  const short = dropParameters(path);
  const readings = [decode(path), decode(short), decodeFully(path), decodeFully(short)];
  return readings.every((reading) => reading !== undefined) ? [...new Set(readings)] : [];
}

function decodeFully(path: string): string | undefined {
  const decoded = decodeAll(path)?.replaceAll("\\", "/");
  return decoded && dropParameters(decoded).replace(/\/{2,}/g, "/");
}

function dropParameters(path: string): string {
  return path.replace(/;[^/]*/g, "");
}

// Nobody who means well encodes a path more often than that.
const MAX_ROUNDS = 6;

/**
 * Decodes a path again and again, until nothing is left to decode.
 *
 * @returns `undefined` when that takes too many rounds, which is to be refused
 */
export function decodeAll(path: string): string | undefined {
  let decoded = path;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = decoded;
    decoded = decode(before);
    if (decoded === before) return decoded;
  }
  return undefined;
}

function decode(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      // Not UTF-8: each byte counts as the character of its number.
      return escapes.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    }
  });
}
