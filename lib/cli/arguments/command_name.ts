import leven from "leven";

/** The commands of the program, as they stand first on its command line. */
export const COMMANDS = ["serve", "check", "sign", "explain", "health", "help", "version"] as const;

/** One of {@link COMMANDS}. */
export type CommandName = (typeof COMMANDS)[number];

/**
 * The command that a word is likely to mean: the word itself, or one that differs by a letter more,
 * less or other, or by the order of its letters.
 *
 * @param word the first word of a command line
 */
export function nearestCommand(word: string): CommandName | undefined {
  const sorted = (text: string) => [...text].sort().join("");
  return COMMANDS.find((name) => leven(name, word) <= 1 || sorted(name) === sorted(word));
}
