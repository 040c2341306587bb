const encoder = new TextEncoder();

/** A text to search for among bytes. */
export interface Marker {
  readonly bytes: Uint8Array;
  /** The index of its byte that texts have least. */
  readonly rarest: number;
}

// From frequent to rare in JSON of texts. What is not here is rarer.
const FREQUENT = 'etaoinshrdlucmfwygp,":bvk_.-';

/**
 * Prepares the search for a text.
 *
 * @param text in ASCII, not empty
 */
export function markerOf(text: string): Marker {
  const ranks = [...text].map((character) => FREQUENT.indexOf(character.toLowerCase()));
  const unlisted = ranks.indexOf(-1);
  const rarest = unlisted < 0 ? ranks.indexOf(Math.max(...ranks)) : unlisted;
  return { bytes: encoder.encode(text), rarest };
}

/**
 * Whether bytes contain a text. It looks only at the places of the text's rarest byte, which the engine finds faster
 * than a loop would.
 *
 * @param haystack to search
 * @param marker from {@link markerOf}
 */
export function includesMarker(haystack: Uint8Array, { bytes, rarest }: Marker): boolean {
  const byte = bytes[rarest]!;
  let index = haystack.indexOf(byte, rarest);
  while (index >= 0) {
    if (isAt(haystack, index - rarest, bytes)) return true;
    index = haystack.indexOf(byte, index + 1);
  }
  return false;
}

function isAt(haystack: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (haystack[start + i] !== bytes[i]) return false;
  return true;
}
