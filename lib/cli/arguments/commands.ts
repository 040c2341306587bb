/** The commands of the program. A command is the first argument of the command line. */
export const COMMANDS = [
  "serve",
  "init",
  "check",
  "doctor",
  "sign",
  "token",
  "explain",
  "try",
  "ledger",
  "revoke",
  "prices",
  "health",
  "completions",
  "help",
  "version",
] as const;

/** One of {@link COMMANDS}. */
export type CommandName = (typeof COMMANDS)[number];

/**
 * @param args the command line without the name of the program
 * @returns whether it may start the gateway; false when it has another command
 */
export function mayServe([first = ""]: readonly string[]): boolean {
  return first === "serve" || !COMMANDS.some((name) => name === first);
}
