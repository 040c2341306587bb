import { ConfigError } from "../config/config_error.ts";
import {
  assertNoCommand,
  assertNoFile,
  meantCommand,
  nearestCommand,
} from "./arguments/command_name.ts";
import { COMMANDS } from "./arguments/commands.ts";
import type { Environment } from "../config/environment.ts";
import { SERVE_FLAGS } from "./arguments/serve_flags.ts";
import { parseArguments } from "./arguments/parse_arguments.ts";
import { serve } from "./commands/serve.ts";
import type { OtherCommand } from "./run_command.ts";
import { loadSettings } from "./support/load_settings.ts";
import { printError } from "./support/print.ts";
import { createFileReader } from "./support/read_file.ts";

/**
 * Runs the program.
 *
 * @param args the command line without the name of the program
 * @param env the environment variables
 * @returns the exit code: 0 for success, 1 for a failure or a negative result, 2 when the command line or a
 *   configuration file is wrong
 */
export async function main(args: readonly string[], env: Environment): Promise<number> {
  const [first = "", ...rest] = args;
  try {
    if (first === "serve") return await runServe(rest, env, false);
    if (isOtherCommand(first)) return await runOther(first, rest, env);
    return await runServe(args, env, true);
  } catch (error) {
    if (error instanceof ConfigError) return reportMistakes(error.mistakes, first);
    // The message of the error may quote a secret.
    printError(`signway: internal error (${error instanceof Error ? error.name : "unknown"})`);
    return 1;
  }
}

function isOtherCommand(word: string): word is OtherCommand {
  return word !== "serve" && COMMANDS.some((name) => name === word);
}

// A gateway is started without the code of the other commands.
async function runOther(
  name: OtherCommand,
  args: readonly string[],
  env: Environment,
): Promise<number> {
  const { runCommand } = await import("./run_command.ts");
  return await runCommand(name, args, env);
}

function reportMistakes(mistakes: readonly string[], firstWord: string): number {
  for (const mistake of mistakes) printError(`signway: ${mistake}`);
  const command = meantCommand(firstWord);
  if (command && command !== firstWord) printError(`Did you mean 'signway ${command}'?`);
  const hasOwnHelp = command === firstWord && command !== "serve";
  printError(`Try 'signway ${hasOwnHelp ? `${command} ` : ""}--help'.`);
  return 2;
}

async function runServe(
  args: readonly string[],
  env: Environment,
  startsWithId: boolean,
): Promise<number> {
  const parsed = parseArguments(args, SERVE_FLAGS);
  if (parsed.given.has("help")) return await runOther("help", [], env);
  if (parsed.given.has("version")) return await runOther("version", [], env);
  if (startsWithId) assertNoCommand(parsed);
  assertNoFile(parsed);
  const [id] = parsed.positionals;
  const likeCommand = startsWithId && id !== undefined ? nearestCommand(id) : undefined;
  const files = createFileReader();
  return await serve({
    load: () => loadSettings(parsed, env, files.read),
    files,
    secretOnCommandLine: parsed.positionals.length > 1,
    ...(likeCommand && { likeCommand }),
  });
}
