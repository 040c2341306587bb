import { ConfigError } from "../../config/config_error.ts";
import { type Shell, SHELLS } from "../arguments/completions_flags.ts";
import { bashCompletions } from "../support/completions/bash.ts";
import {
  type CompletedCommand,
  completedCommands,
} from "../support/completions/completed_command.ts";
import { fishCompletions } from "../support/completions/fish.ts";
import { zshCompletions } from "../support/completions/zsh.ts";

const WRITERS: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletions,
  zsh: zshCompletions,
  fish: fishCompletions,
};

/**
 * `signway completions`: writes a script that completes commands and options.
 *
 * @param positionals the name of the shell alone
 * @returns the script
 * @throws ConfigError when the shell is missing or unknown
 */
export function completions(positionals: readonly string[]): string {
  const [word, ...rest] = positionals;
  const shell = SHELLS.find((known) => known === word);
  // The argument is not repeated: it is a secret if completions is meant to be an id.
  if (!shell || rest.length > 0) {
    throw new ConfigError([
      "completions needs bash, zsh or fish: if completions is the id of an app, write 'signway serve ID SECRET'",
    ]);
  }
  return WRITERS[shell](completedCommands());
}
