import { COMPLETIONS_FLAGS } from "./arguments/completions_flags.ts";
import type { CommandName } from "./arguments/commands.ts";
import { DOCTOR_FLAGS } from "./arguments/doctor_flags.ts";
import type { Environment } from "./arguments/environment.ts";
import { EXPLAIN_FLAGS } from "./arguments/explain_flags.ts";
import { CHECK_FLAGS, HEALTH_FLAGS, HELP_FLAGS } from "./arguments/flags.ts";
import { INIT_FLAGS } from "./arguments/init_flags.ts";
import { LEDGER_FLAGS } from "./arguments/ledger_flags.ts";
import { parseArguments } from "./arguments/parse_arguments.ts";
import { PRICES_FLAGS } from "./arguments/prices_flags.ts";
import { REVOKE_FLAGS } from "./arguments/revoke_flags.ts";
import { SIGN_FLAGS } from "./arguments/sign_flags.ts";
import { TOKEN_FLAGS } from "./arguments/token_flags.ts";
import { TRY_FLAGS } from "./arguments/try_flags.ts";
import { check } from "./commands/check.ts";
import { completions } from "./commands/completions.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { health } from "./commands/health.ts";
import { helpText } from "./commands/help.ts";
import { init } from "./commands/init.ts";
import { ledger } from "./commands/ledger.ts";
import { prices } from "./commands/prices.ts";
import { revoke } from "./commands/revoke.ts";
import { sign, type SignOutput } from "./commands/sign.ts";
import { token } from "./commands/token.ts";
import { tryOut } from "./commands/try.ts";
import { versionText } from "./commands/version.ts";
import type { CommandContext } from "./support/command_context.ts";
import { manualPage } from "./support/help/manual_page.ts";
import { InputEndedError, openTerminal } from "./support/init/ask.ts";
import { print, printError } from "./support/print.ts";
import { createFileReader, readBytes, readInput } from "./support/read_file.ts";
import { fileExists, writeFile } from "./support/write_file.ts";

/** A command that runs once, and starts no gateway. */
export type OtherCommand = Exclude<CommandName, "serve">;

/** Runs a command with the arguments after its name; returns the exit code. */
type RunCommand = (args: readonly string[], env: Environment) => number | Promise<number>;

const RUNNERS: Readonly<Record<OtherCommand, RunCommand>> = {
  init: runInit,
  check: runCheck,
  doctor: runDoctor,
  sign: runSign,
  token: runToken,
  explain: runExplain,
  try: runTry,
  ledger: runLedger,
  revoke: runRevoke,
  prices: runPrices,
  health: runHealth,
  completions: runCompletions,
  help: runHelp,
  version: () => print(versionText()),
};

/**
 * Runs a command.
 *
 * @param name of the command
 * @param args the arguments after it
 * @param env the environment variables
 * @returns the exit code
 * @throws ConfigError with the mistakes of the command line or of a file
 */
export async function runCommand(
  name: OtherCommand,
  args: readonly string[],
  env: Environment,
): Promise<number> {
  return await RUNNERS[name](args, env);
}

async function runInit(args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args, INIT_FLAGS);
  if (parsed.given.has("help")) return print(helpText("init"));
  using terminal = openTerminal();
  const files = { exists: fileExists, write: writeFile };
  try {
    return print(await init(parsed, { ask: terminal?.ask, ...files }));
  } catch (error) {
    if (!(error instanceof InputEndedError)) throw error;
    printError("signway: nothing was written");
    return 1;
  }
}

function runCheck(args: readonly string[], env: Environment): number {
  const { given, positionals } = parseArguments(args, CHECK_FLAGS);
  if (given.has("help")) return print(helpText("check"));
  return print(
    check(positionals, { schema: given.has("schema"), env, read: createFileReader().read }),
  );
}

async function runDoctor(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, DOCTOR_FLAGS);
  if (parsed.given.has("help")) return print(helpText("doctor"));
  const { text, isHealthy } = await doctor(parsed, contextOf(env));
  const exitCode = print(text);
  return isHealthy ? exitCode : 1;
}

async function runSign(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, SIGN_FLAGS);
  if (parsed.given.has("help")) return print(helpText("sign"));
  return printSigned(await sign(parsed, contextOf(env)));
}

async function runToken(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, TOKEN_FLAGS);
  if (parsed.given.has("help")) return print(helpText("token"));
  return printSigned(await token(parsed, contextOf(env)));
}

function printSigned({ text, warnings }: SignOutput): number {
  for (const warning of warnings) printError(`signway: warning: ${warning}`);
  return print(text);
}

async function runExplain(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, EXPLAIN_FLAGS);
  if (parsed.given.has("help")) return print(helpText("explain"));
  const { text, isSound } = await explain(parsed, contextOf(env));
  const exitCode = print(text);
  return isSound ? exitCode : 1;
}

async function runTry(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, TRY_FLAGS);
  if (parsed.given.has("help")) return print(helpText("try"));
  const { output, isForwarded } = await tryOut(parsed, contextOf(env));
  const exitCode = print(output);
  return isForwarded ? exitCode : 1;
}

async function runPrices(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, PRICES_FLAGS);
  if (parsed.given.has("help")) return print(helpText("prices"));
  const { text, isPriced } = await prices(parsed, contextOf(env));
  const exitCode = print(text);
  return isPriced ? exitCode : 1;
}

async function runLedger(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, LEDGER_FLAGS);
  if (parsed.given.has("help")) return print(helpText("ledger"));
  const { text, isRead } = await ledger(parsed, contextOf(env));
  if (isRead) return print(text);
  printError(`signway: ${text}`);
  return 1;
}

async function runRevoke(args: readonly string[], env: Environment): Promise<number> {
  const parsed = parseArguments(args, REVOKE_FLAGS);
  if (parsed.given.has("help")) return print(helpText("revoke"));
  const { text, isDone } = await revoke(parsed, contextOf(env));
  if (isDone) return print(text);
  printError(`signway: ${text}`);
  return 1;
}

async function runHealth(args: readonly string[], env: Environment): Promise<number> {
  const { given, positionals } = parseArguments(args, HEALTH_FLAGS);
  if (given.has("help")) return print(helpText("health"));
  const { isHealthy, text } = await health(positionals, env);
  if (isHealthy) return print(`${text}\n`);
  printError(`signway: ${text}`);
  return 1;
}

function runCompletions(args: readonly string[]): number {
  const { given, positionals } = parseArguments(args, COMPLETIONS_FLAGS);
  if (given.has("help")) return print(helpText("completions"));
  return print(completions(positionals));
}

function runHelp(args: readonly string[]): number {
  const { given, positionals } = parseArguments(args, HELP_FLAGS);
  if (given.has("help")) return print(helpText("help"));
  return print(given.has("man") ? manualPage() : helpText(positionals[0]));
}

function contextOf(env: Environment): CommandContext {
  return { env, read: createFileReader().read, readBytes, readInput, now: new Date() };
}
