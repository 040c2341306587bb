import leven from "leven";
import { ConfigError } from "../../config/config_error.ts";
import { type CommandName, COMMANDS } from "./commands.ts";
import type { Arguments } from "./parse_arguments.ts";

/** Synonyms of `serve` that cannot be an app id on the short command line. */
const RESERVED_WORDS = ["run", "start"] as const;

/** Names of commands in other programs, and the command that does the same here. */
const SYNONYMS: ReadonlyMap<string, CommandName> = new Map([
  ["run", "serve"],
  ["start", "serve"],
  ["validate", "check"],
]);

/** The name of a configuration file. */
const FILE = /\.(toml|ya?ml|json)$/i;

const URL_START = /^[a-z]+:\/\//i;

/**
 * Finds the command that a word probably means: the command with this name, or a command whose name differs
 * by one added, missing or replaced letter, or only by the order of its letters.
 *
 * @param word the first word of a command line
 * @returns the name of the command; `undefined` when no command is similar enough
 */
export function nearestCommand(word: string): CommandName | undefined {
  return COMMANDS.find((name) => isNear(name, word));
}

/**
 * Finds the command that was probably meant by a command line with mistakes.
 *
 * @param word the first word of the command line
 * @returns the {@link nearestCommand}, or the command for a name that other programs use; `undefined` when there is neither
 */
export function meantCommand(word: string): CommandName | undefined {
  return nearestCommand(word) ?? SYNONYMS.get(word);
}

/**
 * Refuses a short command line, `signway ID SECRET`, that is probably a command of another program, or a misspelt one, with
 * its argument. Otherwise it would start a gateway for any public target with that argument as the secret.
 *
 * @param args the command line, which does not begin with the name of a command
 * @throws ConfigError when there are two arguments, neither `--header` nor `--upstream`, and the first argument equals or
 *   resembles a command or a reserved word, or the second one is the name of a configuration file or a URL
 */
export function assertNoCommand({ positionals, given }: Arguments): void {
  const [word = "", secret = ""] = positionals;
  if (positionals.length !== 2 || given.has("header") || given.has("upstream")) return;
  const name = nearestCommand(word) ?? RESERVED_WORDS.find((reserved) => isNear(reserved, word));
  if (name !== undefined) {
    const isOrIsLike = name === word ? "is" : "looks like";
    throw new ConfigError([
      `the first argument ${isOrIsLike} the reserved word ${name}: if it is the id of an app, write 'signway serve ID SECRET'`,
    ]);
  }
  if (FILE.test(secret) || URL_START.test(secret)) {
    throw new ConfigError([
      "the second argument looks like a file or a URL, and the first is no command: if they are an id and a secret, write 'signway serve ID SECRET'",
    ]);
  }
}

/**
 * Refuses the name of a configuration file as the only argument of a gateway. With its secret in the environment, it would
 * start a gateway for any public target, and the file would not be read.
 *
 * @param args the command line, without the name of a command
 * @throws ConfigError when the id ends like the name of a configuration file, and no secret follows it
 */
export function assertNoFile({ positionals }: Arguments): void {
  const [id = ""] = positionals;
  if (positionals.length !== 1 || !FILE.test(id)) return;
  throw new ConfigError([`the id looks like a file: write '--config ${id}'`]);
}

function isNear(name: string, word: string): boolean {
  return leven(name, word) <= 1 || sortLetters(name) === sortLetters(word);
}

function sortLetters(text: string): string {
  return [...text].sort().join("");
}
