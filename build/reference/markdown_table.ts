/**
 * Writes a table in Markdown, its columns padded as `bun fmt` pads them.
 *
 * @param rows the cells of the header first; all rows have as many cells
 * @returns one line for each row and one below the header, each with a newline
 */
export function markdownTable([header = [], ...rows]: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = header.map((_, column) =>
    Math.max(3, ...cells.map((row) => [...(row[column] ?? "")].length)),
  );
  const [first = [], ...others] = cells.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [first, rule, ...others].map((row) => `| ${row.join(" | ")} |\n`).join("");
}
