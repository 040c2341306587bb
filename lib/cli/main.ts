import { readFileSync } from "node:fs";
import packageJson from "../../package.json" with { type: "json" };
import { ConfigError } from "../config/config_error.ts";
import { check } from "./check.ts";
import type { Environment } from "./config_from_arguments.ts";
import { CHECK_FLAGS, SERVE_FLAGS } from "./flags.ts";
import { checkHelpText, helpText } from "./help.ts";
import { loadSettings } from "./load_settings.ts";
import { parseArguments } from "./parse_arguments.ts";
import { serve } from "./serve.ts";

/**
 * Runs the program.
 *
 * @param args the command line without the program's name
 * @param env the environment variables
 * @returns the exit code: 0, 1 when it could not start, 2 when the command line or a file is wrong
 */
export async function main(args: readonly string[], env: Environment): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === "check") return runCheck(rest, env);
    return await runServe(command === "serve" ? rest : args, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      // Its message may quote what it failed on, and that may be a secret.
      process.stderr.write(
        `signway: failed (${error instanceof Error ? error.name : "unknown"})\n`,
      );
      return 1;
    }
    for (const mistake of error.mistakes) process.stderr.write(`signway: ${mistake}\n`);
    process.stderr.write(`Try 'signway ${command === "check" ? "check " : ""}--help'.\n`);
    return 2;
  }
}

async function runServe(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, SERVE_FLAGS);
  if (parsed.given.has("help")) return print(helpText());
  if (parsed.given.has("version")) return print(`signway ${packageJson.version}\n`);
  return await serve(() => loadSettings(parsed, env, readText), {
    secretOnCommandLine: parsed.positionals.length > 1,
  });
}

function runCheck(args: readonly string[], env: Environment): number {
  const { given, positionals } = parseArguments(args, CHECK_FLAGS);
  if (given.has("help")) return print(checkHelpText());
  return print(check(positionals, { schema: given.has("schema"), env, read: readText }));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
