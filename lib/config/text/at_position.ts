/**
 * Says where a mistake is in a file.
 *
 * @param line counted from 1
 * @param column counted from 1
 * @param reason the mistake, without a quotation of the file
 */
export function atPosition(line: number, column: number, reason: string): string {
  return `line ${line}, column ${column}: ${reason}`;
}

/**
 * Says where a mistake is in a text.
 *
 * @param text the text of the whole file
 * @param index of the first wrong character, counted from 0
 * @param reason the mistake, without a quotation of the file
 */
export function positionAt(text: string, index: number, reason: string): string {
  const before = text.slice(0, index);
  const start = before.lastIndexOf("\n") + 1;
  return atPosition(before.split("\n").length, index - start + 1, reason);
}
