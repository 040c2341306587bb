/**
 * Takes the whole events off the front of an event stream's text.
 *
 * @param text the rest of the text before, and the text that came since
 * @returns the lines of each event, without comments, and the beginning of the next one
 */
export function takeBlocks(text: string): { blocks: string[]; rest: string } {
  const parts = text.split("\n\n");
  const rest = parts.pop() ?? "";
  const blocks = parts.map((block) => block.replace(/^:.*(\n|$)/gm, "")).filter(Boolean);
  return { blocks, rest };
}
