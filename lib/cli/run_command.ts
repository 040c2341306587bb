import { nearestCommand } from "./arguments/command_name.ts";
import { ConfigError } from "../config/config_error.ts";
import { COMPLETIONS_FLAGS } from "./arguments/completions_flags.ts";
import type { CommandName } from "./arguments/commands.ts";
import { DOCTOR_FLAGS } from "./arguments/doctor_flags.ts";
import type { Environment } from "../config/environment.ts";
import { EXPLAIN_FLAGS } from "./arguments/explain_flags.ts";
import { CHECK_FLAGS } from "./arguments/check_flags.ts";
import type { Flag, Flags } from "./arguments/flags.ts";
import { HEALTH_FLAGS } from "./arguments/health_flags.ts";
import { HELP_FLAGS } from "./arguments/help_flags.ts";
import { INIT_FLAGS, type InitFlagName } from "./arguments/init_flags.ts";
import { LEDGER_FLAGS } from "./arguments/ledger_flags.ts";
import { type Arguments, parseArguments } from "./arguments/parse_arguments.ts";
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
  init: command("init", INIT_FLAGS, runInit),
  check: command("check", CHECK_FLAGS, ({ given, positionals }, { env, read }) => {
    const files = [...positionals, ...(given.get("config") ?? [])];
    return print(check(files, { schema: given.has("schema"), env, read }));
  }),
  doctor: command("doctor", DOCTOR_FLAGS, async (parsed, context) => {
    const { text, isHealthy } = await doctor(parsed, context);
    return printResult(text, isHealthy);
  }),
  sign: command("sign", SIGN_FLAGS, async (parsed, context) =>
    printSigned(await sign(parsed, context)),
  ),
  token: command("token", TOKEN_FLAGS, async (parsed, context) =>
    printSigned(await token(parsed, context)),
  ),
  explain: command("explain", EXPLAIN_FLAGS, async (parsed, context) => {
    const { text, isSound } = await explain(parsed, context);
    return printResult(text, isSound);
  }),
  try: command("try", TRY_FLAGS, async (parsed, context) => {
    const { output, isForwarded } = await tryOut(parsed, context);
    return printResult(output, isForwarded);
  }),
  ledger: command("ledger", LEDGER_FLAGS, async (parsed, context) => {
    const { text, isRead } = await ledger(parsed, context);
    return isRead ? print(text) : printFailure(text);
  }),
  revoke: command("revoke", REVOKE_FLAGS, async (parsed, context) => {
    const { text, isDone } = await revoke(parsed, context);
    return isDone ? print(text) : printFailure(text);
  }),
  prices: command("prices", PRICES_FLAGS, async (parsed, context) => {
    const { text, isPriced } = await prices(parsed, context);
    return printResult(text, isPriced);
  }),
  health: command("health", HEALTH_FLAGS, async ({ positionals }, { env }) => {
    const { isHealthy, text } = await health(positionals, env);
    return isHealthy ? print(`${text}\n`) : printFailure(text);
  }),
  completions: command("completions", COMPLETIONS_FLAGS, ({ positionals }) =>
    print(completions(positionals)),
  ),
  help: command("help", HELP_FLAGS, ({ given, positionals }) =>
    print(given.has("man") ? manualPage() : helpText(commandToExplain(positionals))),
  ),
  version: () => print(versionText()),
};

/** @throws ConfigError when there is no such command */
function commandToExplain([name]: readonly string[]): string | undefined {
  if (name === undefined || name === "serve" || Object.hasOwn(RUNNERS, name)) return name;
  const likely = nearestCommand(name);
  const remedy = likely === undefined ? "signway --help lists them" : `did you mean ${likely}?`;
  throw new ConfigError([`there is no such command: ${remedy}`]);
}

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

/** A command with options, which prints its help when that is asked for. */
function command<Options extends Flags & { help: Flag }>(
  name: OtherCommand,
  flags: Options,
  run: (
    parsed: Arguments<keyof Options & string>,
    context: CommandContext,
  ) => number | Promise<number>,
): RunCommand {
  return (args, env) => {
    const parsed = parseArguments(args, flags);
    if (parsed.given.has("help")) return print(helpText(name));
    const { read } = createFileReader();
    return run(parsed, { env, read, readBytes, readInput, now: new Date() });
  };
}

async function runInit(parsed: Arguments<InitFlagName>): Promise<number> {
  using terminal = openTerminal();
  const files = { exists: fileExists, write: writeFile };
  try {
    return print(await init(parsed, { ask: terminal?.ask, ...files }));
  } catch (error) {
    if (!(error instanceof InputEndedError)) throw error;
    return printFailure("nothing was written");
  }
}

function printSigned({ text, warnings }: SignOutput): number {
  for (const warning of warnings) printError(`signway: warning: ${warning}`);
  return print(text);
}

/** Prints a result, which may be a negative one. */
function printResult(text: string | Uint8Array, isPositive: boolean): number {
  const exitCode = print(text);
  return isPositive ? exitCode : 1;
}

function printFailure(reason: string): number {
  printError(`signway: ${reason}`);
  return 1;
}
