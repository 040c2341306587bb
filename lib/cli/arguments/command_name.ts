import leven from "leven";

/** The commands of the program, as they stand first on its command line. */
export const COMMANDS = ["serve", "check", "sign", "explain", "health", "help", "version"] as const;

/** One of {@link COMMANDS}. */
export type CommandName = (typeof COMMANDS)[number];

/**
 * Finds the command that a word is likely to mean: the word itself, or a command that differs by one
 * letter more, less or other, or by the order of its letters.
 *
 * @param word the first word of a command line
 * @returns the name of the command; `undefined` when no command is that near
 */
export function nearestCommand(word: string): CommandName | undefined {
  const sortLetters = (text: string) => [...text].sort().join("");
  return COMMANDS.find((name) => leven(name, word) <= 1 || sortLetters(name) === sortLetters(word));
}
