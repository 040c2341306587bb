/** What the reader of files puts in place of bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * Finds bytes of a file that are not UTF-8. They were replaced when the file was read, so a secret would be another one.
 *
 * @param text the text of the whole file
 * @returns the mistake, as the end of a sentence; `undefined` when there is none
 */
export function utf8Mistake(text: string): string | undefined {
  const index = text.indexOf(REPLACEMENT);
  if (index < 0) return undefined;
  const line = text.slice(0, index).split("\n").length;
  return `is not valid UTF-8: line ${line} has another byte, or the character U+FFFD that stands for one`;
}
