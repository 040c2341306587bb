import { COMMANDS } from "../../lib/cli/arguments/commands.ts";
import { helpText } from "../../lib/cli/commands/help.ts";
import { fillTables } from "./fill_tables.ts";
import { markdownTable } from "./markdown_table.ts";

/** They print what is on this page, or one line. */
const WITHOUT_SECTION: readonly string[] = ["help", "version"];

/**
 * Writes the help of every command into a text.
 *
 * @param text docs/cli.md
 * @returns the same text with new sections
 * @throws Error when their markers are missing
 */
export function fillCommands(text: string): string {
  const names = COMMANDS.filter((name) => !WITHOUT_SECTION.includes(name));
  return fillTables(text, { commands: names.map(sectionOf).join("\n") });
}

function sectionOf(command: string): string {
  const [introduction, ...groups] = helpText(command)
    .trimEnd()
    .split(/\n\n(?=[A-Z][^\n]*:\n {2}-)/);
  return `## signway ${command}\n\n\`\`\`text\n${introduction}\n\`\`\`\n\n${groups.map(tableOf).join("\n")}`;
}

/** A group of options, whose heading is the first cell. */
function tableOf(group: string): string {
  const [heading = "", ...options] = group.split(/\n(?= {2}-)/);
  const rows = options.map((option) => {
    const [name = "", ...meaning] = option.split("\n").map((line) => line.trim());
    return [`\`${name}\``, meaning.join(" ").replaceAll("<", "\\<")];
  });
  return markdownTable([[heading.replace(/:$/, "").toLowerCase(), "meaning"], ...rows]);
}
