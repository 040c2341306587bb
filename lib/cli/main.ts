import { readFileSync } from "node:fs";
import { ConfigError } from "../config/config_error.ts";
import { check } from "./commands/check.ts";
import { nearestCommand } from "./arguments/command_name.ts";
import type { Environment } from "./arguments/environment.ts";
import { explain } from "./commands/explain.ts";
import { EXPLAIN_FLAGS } from "./arguments/explain_flags.ts";
import { CHECK_FLAGS, HEALTH_FLAGS, SERVE_FLAGS } from "./arguments/flags.ts";
import { health } from "./commands/health.ts";
import { helpText } from "./commands/help.ts";
import { loadSettings } from "./support/load_settings.ts";
import { parseArguments } from "./arguments/parse_arguments.ts";
import { serve } from "./commands/serve.ts";
import { sign } from "./commands/sign.ts";
import { SIGN_FLAGS } from "./arguments/sign_flags.ts";
import { versionText } from "./commands/version.ts";

/**
 * Runs the program.
 *
 * @param args the command line without the program's name
 * @param env the environment variables
 * @returns the exit code: 0, 1 when it could not start or the answer is no, 2 when the command line or a file is wrong
 */
export async function main(args: readonly string[], env: Environment): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === "check") return runCheck(rest, env);
    if (command === "sign") return await runSign(rest, env);
    if (command === "explain") return await runExplain(rest, env);
    if (command === "health") return await runHealth(rest, env);
    if (command === "help") return print(helpText(rest[0]));
    if (command === "version") return print(versionText());
    return await runServe(command === "serve" ? rest : args, env, command !== "serve");
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      // Its message may quote what it failed on, and that may be a secret.
      process.stderr.write(
        `signway: failed (${error instanceof Error ? error.name : "unknown"})\n`,
      );
      return 1;
    }
    for (const mistake of error.mistakes) process.stderr.write(`signway: ${mistake}\n`);
    const meant = command === undefined ? undefined : nearestCommand(command);
    if (meant && meant !== command) process.stderr.write(`Did you mean 'signway ${meant}'?\n`);
    const asked = meant && meant === command && meant !== "serve" ? `${command} ` : "";
    process.stderr.write(`Try 'signway ${asked}--help'.\n`);
    return 2;
  }
}

async function runServe(
  args: readonly string[],
  env: Environment,
  startsWithId: boolean,
): Promise<number> {
  const parsed = parseArguments(args, SERVE_FLAGS);
  if (parsed.given.has("help")) return print(helpText());
  if (parsed.given.has("version")) return print(versionText());
  const [id] = parsed.positionals;
  const meant = startsWithId && id !== undefined ? nearestCommand(id) : undefined;
  return await serve(() => loadSettings(parsed, env, readText), {
    secretOnCommandLine: parsed.positionals.length > 1,
    ...(meant && { likeCommand: meant }),
  });
}

function runCheck(args: readonly string[], env: Environment): number {
  const { given, positionals } = parseArguments(args, CHECK_FLAGS);
  if (given.has("help")) return print(helpText("check"));
  return print(check(positionals, { schema: given.has("schema"), env, read: readText }));
}

async function runSign(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, SIGN_FLAGS);
  if (parsed.given.has("help")) return print(helpText("sign"));
  const now = new Date();
  const { text, warnings } = await sign(parsed, { env, read: readText, readBytes, now });
  for (const warning of warnings) process.stderr.write(`signway: warning: ${warning}\n`);
  return print(text);
}

async function runExplain(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, EXPLAIN_FLAGS);
  if (parsed.given.has("help")) return print(helpText("explain"));
  const now = new Date();
  const { text, isSound } = await explain(parsed, { env, read: readText, readBytes, now });
  print(text);
  return isSound ? 0 : 1;
}

function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

async function runHealth(args: readonly string[], env: Environment): Promise<number> {
  const { given, positionals } = parseArguments(args, HEALTH_FLAGS);
  if (given.has("help")) return print(helpText("health"));
  const { isHealthy, text } = await health(positionals, env);
  if (isHealthy) return print(`${text}\n`);
  process.stderr.write(`signway: ${text}\n`);
  return 1;
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
