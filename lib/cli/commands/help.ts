import type { Flag, Flags } from "../arguments/flags.ts";
import { SERVE_FLAGS } from "../arguments/serve_flags.ts";
import { COMMAND_TABLE, usageOf } from "../support/help/command_table.ts";
import { INTRODUCTIONS } from "../support/help/introductions.ts";
import { wrap } from "../support/text/wrap.ts";

const WIDTH = 80;
const INDENT = 6;
const USAGE_WIDTH = 34;

/**
 * Writes the help of a command, in lines of at most 80 characters.
 *
 * @param command the name of the command. `serve`, the default, and unknown names stand for the whole program.
 * @param serveFlags the options of `serve`. Default: all options of this version.
 * @returns the lines, each with a newline
 */
export function helpText(command = "serve", serveFlags: Flags = SERVE_FLAGS): string {
  const row = Object.hasOwn(COMMAND_TABLE, command)
    ? COMMAND_TABLE[command as keyof typeof COMMAND_TABLE]
    : undefined;
  if (row?.introduction !== undefined) return formatHelp(row.introduction, row.flags);
  return formatHelp(INTRODUCTIONS.serve.replace("{commands}", listCommands), serveFlags);
}

function listCommands(): string {
  return Object.entries(COMMAND_TABLE)
    .map(([name, row]) => `  ${usageOf(name, row).padEnd(USAGE_WIDTH)}${row.summary}`)
    .join("\n");
}

function formatHelp(introduction: string, flags: Flags): string {
  const groups = Map.groupBy(Object.entries(flags), ([, flag]) => flag.group);
  const sections = [...groups].map(([group, entries]) =>
    [`${group}:`, ...entries.map(([name, flag]) => describeFlag(name, flag))].join("\n"),
  );
  return [introduction, ...sections].join("\n\n").replace(/\n{3,}/g, "\n\n") + "\n";
}

function describeFlag(name: string, { short, value, many, help }: Flag): string {
  const head = `  ${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
  const text = many ? `${help} Repeatable.` : help;
  return [head, ...wrap(text, WIDTH - INDENT).map((line) => " ".repeat(INDENT) + line)].join("\n");
}
