/**
 * Reads text in UTF-8 that must not be too long.
 *
 * @param pieces of it. No more are read than it takes to know that it is too long
 * @param most how many bytes it may have
 * @returns the text; `undefined` when it has more bytes
 * @throws TypeError, as a rejection, when it is not in UTF-8
 */
export async function textWithin(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > most) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
