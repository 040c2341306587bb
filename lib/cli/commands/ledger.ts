import { existsSync } from "node:fs";
import { ConfigError } from "../../config/config_error.ts";
import {
  ledgerFile,
  ledgerMistake,
  ledgerServers,
  MEMORY_LEDGER,
} from "../../config/ledger_location.ts";
import { shownLocation } from "../../config/redis_location.ts";
import { expandReferences } from "../../config/references.ts";
import {
  APP_SCOPE,
  type Scope,
  subjectScope,
  tokenScope,
} from "../../gateway/ledger/forms/scope.ts";
import type { CounterReading, LedgerStore } from "../../gateway/ledger/store.ts";
import { silentLog } from "../../runtime/observe/log.ts";
import {
  LedgerFileError,
  openLedger,
  serverErrorCode,
  STORE_FAULTS,
  StoreFaultError,
} from "../../runtime/open_ledger.ts";
import type { LedgerFlagName } from "../arguments/ledger_flags.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { CommandContext } from "../support/command_context.ts";
import { readAtGateway } from "../support/ledger_at_gateway.ts";
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
  app: string;
  scope: Scope;
  isReset: boolean;
}

/** What a location may refer to. */
type Sources = Pick<CommandContext, "env" | "read">;

/**
 * `signway ledger`: shows the counters in servers, or in the file of a gateway that is not running, and resets them.
 *
 * @param args from `parseArguments`
 * @param sources of what the location refers to, so that no password has to be on the command line
 * @returns a line for each counter
 * @throws ConfigError with every mistake at once
 */
export async function ledger(
  args: Arguments<LedgerFlagName>,
  sources: Sources,
): Promise<LedgerOutput> {
  const admin = args.given.get("admin")?.[0];
  if (admin !== undefined) return ledgerAtGateway(admin, args, sources);
  const asked = askedFor(args, sources);
  const path = ledgerFile(asked.location);
  // Opening would create it.
  if (path !== undefined && !existsSync(path)) {
    return { text: `there is no file ${path}`, isRead: false };
  }
  try {
    const { store, close } = await openLedger(asked.location, silentLog());
    try {
      const text = countersText(await readIn(store, asked), asked.scope === APP_SCOPE);
      return { text, isRead: true };
    } finally {
      close();
    }
  } catch (error) {
    const text = failureText(error, asked.location);
    if (text === undefined) throw error;
    return { text, isRead: false };
  }
}

async function ledgerAtGateway(
  admin: string,
  { given, positionals }: Arguments<LedgerFlagName>,
  { env }: Sources,
): Promise<LedgerOutput> {
  if (positionals.length > 0) throw new ConfigError([NO_ARGUMENT]);
  const valueOf = (name: LedgerFlagName) => given.get(name)?.[0];
  const [app, subject, token, issuer] = (["app", "subject", "token", "issuer"] as const).map(
    valueOf,
  );
  const mistakes: string[] = [];
  for (const name of ["ledger", "reset"] as const) {
    if (given.has(name)) mistakes.push(`--admin and --${name} exclude each other`);
  }
  if (!app) mistakes.push("--app is missing: name the app");
  mistakes.push(...scopeMistakes(given));
  if (mistakes.length > 0 || !app) throw new ConfigError(mistakes);
  const found = await readAtGateway(admin, env, { app, subject, token, issuer });
  if ("failure" in found) return { text: found.failure, isRead: false };
  return { text: countersText(found, subject === undefined && token === undefined), isRead: true };
}

function scopeMistakes(given: Arguments<LedgerFlagName>["given"]): string[] {
  const mistakes: string[] = [];
  if (given.has("subject") && given.has("token")) {
    mistakes.push("--subject and --token exclude each other");
  }
  if (given.has("issuer") && !given.has("token")) mistakes.push("--issuer needs --token");
  return mistakes;
}

async function readIn(
  store: LedgerStore,
  { app, scope, isReset }: Asked,
): Promise<readonly CounterReading[]> {
  if (isReset) await store.run({ kind: "reset", app, scopes: [scope] });
  const [counters = []] = await store.run({ kind: "read", app, scopes: [scope] });
  return counters;
}

/** Why the counters cannot be read; `undefined` for another error. */
function failureText(error: unknown, location: string): string | undefined {
  if (error instanceof LedgerFileError) {
    const { code, message } = error;
    return code === "in_use" ? `${message}: stop the gateway first` : message;
  }
  if (error instanceof StoreFaultError) return error.message;
  const servers = ledgerServers(location);
  if (!servers || !(error instanceof Error)) return undefined;
  const place = `the ledger ${shownLocation(servers)}`;
  const code = serverErrorCode(error.message);
  if (code === "NOPERM") return `${place}: ${STORE_FAULTS.permissions}`;
  if (code !== undefined) return `${place}: its server answers with ${code}`;
  return `${place}: ${STORE_FAULTS.unreachable}`;
}

function askedFor({ given, positionals }: Arguments<LedgerFlagName>, sources: Sources): Asked {
  if (positionals.length > 0) throw new ConfigError([NO_ARGUMENT]);
  const mistakes: string[] = [];
  const valueOf = (name: LedgerFlagName) => given.get(name)?.[0];
  const location = locationOf(valueOf("ledger"), sources, mistakes);
  const app = valueOf("app");
  if (!app) mistakes.push("--app is missing: name the app");
  const [subject, token, issuer = app] = [valueOf("subject"), valueOf("token"), valueOf("issuer")];
  mistakes.push(...scopeMistakes(given));
  if (mistakes.length > 0 || !location || !app) throw new ConfigError(mistakes);
  const ofToken = token === undefined ? APP_SCOPE : tokenScope(issuer ?? app, token);
  const scope = subject === undefined ? ofToken : subjectScope(subject);
  return { location, app, scope, isReset: given.has("reset") };
}

function locationOf(
  given: string | undefined,
  { env, read }: Sources,
  mistakes: string[],
): string | undefined {
  if (given === undefined) {
    return void mistakes.push("--ledger is missing: name the gateway's ledger");
  }
  const expanded = expandReferences(given, { variable: (name) => env[name], file: read });
  // What it refers to is part of the URL, and the sentence names the reference.
  if (expanded.mistakes.length > 0) {
    return void mistakes.push(...expanded.mistakes.map((mistake) => `--ledger${mistake}`));
  }
  const location = expanded.value as string;
  const mistake = ledgerMistake(location);
  if (mistake !== undefined) mistakes.push(`--ledger ${mistake}`);
  else if (location === MEMORY_LEDGER) {
    mistakes.push("--ledger is the memory of the gateway, which no other process can read");
  }
  return location;
}
