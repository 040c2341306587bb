/**
 * Breaks a text into lines at its spaces.
 *
 * @param text the text, without newlines
 * @param width the maximum length of a line, in characters; a longer word gets a line of its own
 * @returns the lines, at least one
 */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
