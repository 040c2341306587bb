import type { Flag, Flags } from "../../arguments/flags.ts";
import { SERVE_FLAGS } from "../../arguments/serve_flags.ts";
import { SHELLS } from "../../arguments/completions_flags.ts";
import { COMMANDS, type CommandName } from "../../arguments/commands.ts";
import { COMMAND_TABLE } from "../help/command_table.ts";

/** The proposals of a shell for a value: words, names of files, or none. */
export type Proposal = readonly string[] | "files" | "nothing";

/** A command as shells complete it. */
export interface CompletedCommand {
  name: CommandName;
  summary: string;
  /** The proposals for its arguments. */
  argument: Proposal;
  options: readonly CompletedOption[];
}

/** An option as shells complete it. */
export interface CompletedOption {
  name: string;
  short?: string | undefined;
  /** The first sentence of its help. */
  summary: string;
  isRepeatable: boolean;
  /** The placeholder of its value. Absent: it has none. */
  value?: string | undefined;
  /** The proposals for its value. */
  proposal: Proposal;
}

/** Every command, with what can be completed behind it. */
export function completedCommands(): CompletedCommand[] {
  const serve = { summary: "start a gateway", takes: undefined, flags: SERVE_FLAGS as Flags };
  return COMMANDS.map((name) => {
    const { summary, takes, flags } = name === "serve" ? serve : COMMAND_TABLE[name];
    return {
      name,
      summary,
      argument: argumentOf(takes),
      options: Object.entries(flags).map(([option, flag]) => completedOption(option, flag)),
    };
  });
}

function argumentOf(takes: string | undefined): Proposal {
  if (takes === "SHELL") return SHELLS;
  if (takes === "[COMMAND]") return COMMANDS;
  return takes?.includes("FILE") ? "files" : "nothing";
}

function completedOption(name: string, { short, value, choices, many, help }: Flag) {
  const proposal: Proposal = choices ?? (value === "FILE" ? "files" : "nothing");
  const [summary = ""] = /^.*?(?=\.( |$))/.exec(help) ?? [help];
  return { name, short, summary, isRepeatable: many === true, value, proposal };
}

/** The spellings of an option on the command line. */
export function spellings({ name, short }: CompletedOption): string[] {
  return short ? [`--${name}`, `-${short}`] : [`--${name}`];
}
