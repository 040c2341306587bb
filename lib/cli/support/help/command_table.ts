import type { CommandName } from "../../arguments/commands.ts";
import { COMPLETIONS_FLAGS } from "../../arguments/completions_flags.ts";
import { DOCTOR_FLAGS } from "../../arguments/doctor_flags.ts";
import { EXPLAIN_FLAGS } from "../../arguments/explain_flags.ts";
import { CHECK_FLAGS } from "../../arguments/check_flags.ts";
import type { Flags } from "../../arguments/flags.ts";
import { HEALTH_FLAGS } from "../../arguments/health_flags.ts";
import { HELP_FLAGS } from "../../arguments/help_flags.ts";
import { INIT_FLAGS } from "../../arguments/init_flags.ts";
import { LEDGER_FLAGS } from "../../arguments/ledger_flags.ts";
import { PRICES_FLAGS } from "../../arguments/prices_flags.ts";
import { REVOKE_FLAGS } from "../../arguments/revoke_flags.ts";
import { SIGN_FLAGS } from "../../arguments/sign_flags.ts";
import { TOKEN_FLAGS } from "../../arguments/token_flags.ts";
import { TRY_FLAGS } from "../../arguments/try_flags.ts";
import { INTRODUCTIONS } from "./introductions.ts";

/** A command, as help, manual page and completions describe it. */
export interface CommandRow {
  /** The arguments after the name, such as `FILE`. Absent: options alone. */
  takes?: string;
  /** Its purpose, in a few words that begin with a verb. */
  summary: string;
  /** The beginning of its own help. Absent: it has no help of its own. */
  introduction?: string;
  flags: Flags;
}

/** Every command but `serve`, whose help is that of the program, in the order of the help. */
export const COMMAND_TABLE: Readonly<Record<Exclude<CommandName, "serve">, CommandRow>> = {
  init: {
    takes: "[FILE]",
    summary: "write a configuration file from four answers",
    introduction: INTRODUCTIONS.init,
    flags: INIT_FLAGS,
  },
  check: {
    takes: "FILE",
    summary: "check a configuration file and describe it",
    introduction: INTRODUCTIONS.check,
    flags: CHECK_FLAGS,
  },
  doctor: {
    takes: "URL",
    summary: "check a deployment from outside",
    introduction: INTRODUCTIONS.doctor,
    flags: DOCTOR_FLAGS,
  },
  sign: {
    takes: "URL",
    summary: "sign a URL",
    introduction: INTRODUCTIONS.sign,
    flags: SIGN_FLAGS,
  },
  token: {
    summary: "sign an access token",
    introduction: INTRODUCTIONS.token,
    flags: TOKEN_FLAGS,
  },
  explain: {
    takes: "URL|TOKEN",
    summary: "explain why a signed URL or token is refused",
    introduction: INTRODUCTIONS.explain,
    flags: EXPLAIN_FLAGS,
  },
  try: {
    summary: "show what the gateway would forward",
    introduction: INTRODUCTIONS.try,
    flags: TRY_FLAGS,
  },
  ledger: {
    summary: "show what limits have counted, and reset it",
    introduction: INTRODUCTIONS.ledger,
    flags: LEDGER_FLAGS,
  },
  revoke: {
    summary: "revoke tokens and signed URLs",
    introduction: INTRODUCTIONS.revoke,
    flags: REVOKE_FLAGS,
  },
  prices: {
    takes: "MODEL",
    summary: "show what a model costs by the price table",
    introduction: INTRODUCTIONS.prices,
    flags: PRICES_FLAGS,
  },
  health: {
    takes: "[URL]",
    summary: "check whether a running gateway responds",
    introduction: INTRODUCTIONS.health,
    flags: HEALTH_FLAGS,
  },
  completions: {
    takes: "SHELL",
    summary: "print completions for bash, zsh or fish",
    introduction: INTRODUCTIONS.completions,
    flags: COMPLETIONS_FLAGS,
  },
  help: {
    takes: "[COMMAND]",
    summary: "show this help or the help of a command",
    introduction: INTRODUCTIONS.help,
    flags: HELP_FLAGS,
  },
  version: { summary: "show the version", flags: {} },
};

/** How a command is called, without its options. */
export function usageOf(name: string, { takes }: CommandRow): string {
  return `signway ${name}${takes ? ` ${takes}` : ""}`;
}
