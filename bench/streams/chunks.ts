/** One chunk of a chunked body. */
export function formatChunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/**
 * Takes the whole chunks off the front of a chunked body.
 *
 * @param text Latin-1: a character is a byte
 * @returns the bytes in them, and the beginning of the next one
 * @throws Error on a body that has ended or is not chunked
 */
export function takeChunks(text: string): { body: string; rest: string } {
  let body = "";
  let start = 0;
  for (;;) {
    const line = text.indexOf("\r\n", start);
    if (line < 0) break;
    const size = Number.parseInt(text.slice(start, line), 16);
    if (!(size > 0)) throw new Error(`the stream ended with ${JSON.stringify(text.slice(start))}`);
    const end = line + 2 + size;
    if (text.length < end + 2) break;
    body += text.slice(line + 2, end);
    start = end + 2;
  }
  return { body, rest: text.slice(start) };
}
