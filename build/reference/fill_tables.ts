/**
 * Writes tables into a text, each between its markers `<!-- table: NAME -->` and `<!-- end: NAME -->`.
 *
 * @param text of a page
 * @param tables in Markdown, by the names in the markers
 * @returns the same text with new tables
 * @throws Error when the markers of a table are missing
 */
export function fillTables(text: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((filled, [name, table]) => {
    const [begin, end] = [`<!-- table: ${name} -->\n`, `\n<!-- end: ${name} -->`];
    const [start, stop] = [filled.indexOf(begin), filled.indexOf(end)];
    if (start < 0 || stop < start) throw new Error(`there are no markers of the table ${name}`);
    return `${filled.slice(0, start + begin.length)}\n${table}${filled.slice(stop)}`;
  }, text);
}
