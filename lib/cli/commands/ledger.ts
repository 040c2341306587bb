import { existsSync } from "node:fs";
import { ConfigError } from "../../config/config_error.ts";
import { ledgerFile, ledgerMistake } from "../../config/ledger_location.ts";
import {
  APP_SCOPE,
  type Scope,
  subjectScope,
  tokenScope,
} from "../../gateway/ledger/forms/scope.ts";
import { silentLog } from "../../runtime/observe/log.ts";
import { LedgerFileError, openLedger } from "../../runtime/open_ledger.ts";
import type { LedgerFlagName } from "../arguments/ledger_flags.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import { countersText } from "../support/text/counters_text.ts";

/** The output of {@link ledger}. */
export interface LedgerOutput {
  /** The counters, or why they cannot be shown; with a newline when they can. */
  text: string;
  /** Whether the counters could be read. */
  isRead: boolean;
}

// A secret may be the argument, so it is not repeated.
const NO_ARGUMENT =
  "ledger takes options only: if ledger is the id of an app, write 'signway serve ID SECRET'";

/** What a command line asks for. */
interface Asked {
  location: string;
  path: string;
  app: string;
  scope: Scope;
  isReset: boolean;
}

/**
 * `signway ledger`: shows the counters in the file of a gateway that is not running, and resets them.
 *
 * @param args from `parseArguments`
 * @returns a line for each counter
 * @throws ConfigError with every mistake at once
 */
export async function ledger(args: Arguments<LedgerFlagName>): Promise<LedgerOutput> {
  const { location, path, app, scope, isReset } = askedFor(args);
  // Opening would create it.
  if (!existsSync(path)) return { text: `there is no file ${path}`, isRead: false };
  try {
    const { store, close } = openLedger(location, silentLog());
    try {
      if (isReset) await store.run({ kind: "reset", app, scopes: [scope] });
      const [counters = []] = await store.run({ kind: "read", app, scopes: [scope] });
      return { text: countersText(counters), isRead: true };
    } finally {
      close();
    }
  } catch (error) {
    if (error instanceof LedgerFileError) return { text: describeFailure(error), isRead: false };
    throw error;
  }
}

function describeFailure({ code, message }: LedgerFileError): string {
  return code === "in_use" ? `${message}: stop the gateway first` : message;
}

function askedFor({ given, positionals }: Arguments<LedgerFlagName>): Asked {
  if (positionals.length > 0) throw new ConfigError([NO_ARGUMENT]);
  const mistakes: string[] = [];
  const valueOf = (name: LedgerFlagName) => given.get(name)?.[0];
  const location = valueOf("ledger");
  const path = location === undefined ? undefined : pathOf(location, mistakes);
  if (location === undefined) mistakes.push("--ledger is missing: name the gateway's ledger");
  const app = valueOf("app");
  if (!app) mistakes.push("--app is missing: name the app");
  const [subject, token, issuer = app] = [valueOf("subject"), valueOf("token"), valueOf("issuer")];
  if (subject !== undefined && token !== undefined) {
    mistakes.push("--subject and --token exclude each other");
  }
  if (given.has("issuer") && token === undefined) mistakes.push("--issuer needs --token");
  if (mistakes.length > 0 || !location || !path || !app) throw new ConfigError(mistakes);
  const ofToken = token === undefined ? APP_SCOPE : tokenScope(issuer ?? app, token);
  const scope = subject === undefined ? ofToken : subjectScope(subject);
  return { location, path, app, scope, isReset: given.has("reset") };
}

function pathOf(location: string, mistakes: string[]): string | undefined {
  const mistake = ledgerMistake(location);
  const path = ledgerFile(location);
  if (mistake !== undefined) mistakes.push(`--ledger ${mistake}`);
  else if (path === undefined) {
    mistakes.push("--ledger is the memory of the gateway, which no other process can read");
  }
  return path;
}
