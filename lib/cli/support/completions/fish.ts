import type { CompletedCommand, CompletedOption, Proposal } from "./completed_command.ts";

/**
 * Writes completions for fish.
 *
 * @param commands with their options
 */
export function fishCompletions(commands: readonly CompletedCommand[]): string {
  const others = commands.map(({ name }) => name).filter((name) => name !== "serve");
  const lines = commands.flatMap((command) => {
    const { name, summary, argument, options } = command;
    const condition =
      name === "serve"
        ? `not __fish_seen_subcommand_from ${others.join(" ")}`
        : `__fish_seen_subcommand_from ${name}`;
    const when = `complete -c signway -n ${quote(condition)}`;
    return [
      `complete -c signway -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
      ...(argument === "nothing" ? [] : [`${when} ${argumentsOf(argument)}`]),
      ...options.map((option) => `${when} ${optionOf(option)}`),
    ];
  });
  return `# Completions of signway for fish.\ncomplete -c signway -f\n${lines.join("\n")}\n`;
}

function optionOf({ name, short, summary, value, proposal }: CompletedOption): string {
  const words = [`-l ${name}`, ...(short ? [`-s ${short}`] : [])];
  if (value !== undefined) words.push(valueOf(proposal));
  return [...words, `-d ${quote(summary)}`].join(" ");
}

function valueOf(proposal: Proposal): string {
  if (proposal === "nothing") return "-x";
  return proposal === "files" ? "-r -F" : `-x -a ${quote(proposal.join(" "))}`;
}

function argumentsOf(proposal: Exclude<Proposal, "nothing">): string {
  return proposal === "files" ? "-F" : `-a ${quote(proposal.join(" "))}`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}
