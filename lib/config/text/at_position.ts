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
