import { existsSync } from "node:fs";
import { ConfigError } from "../../config/config_error.ts";
import {
  ledgerFile,
  ledgerMistake,
  ledgerServers,
  MEMORY_LEDGER,
} from "../../config/ledger/ledger_location.ts";
import { shownLocation } from "../../config/ledger/redis_location.ts";
import { expandReferences } from "../../config/text/references.ts";
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
import { type AskedCounters, readAtGateway } from "../support/ledger_at_gateway.ts";
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

type Given = Arguments<LedgerFlagName>["given"];

/** Where the variables of a location are looked up. */
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
  { given, positionals }: Arguments<LedgerFlagName>,
  sources: Sources,
): Promise<LedgerOutput> {
  if (positionals.length > 0) throw new ConfigError([NO_ARGUMENT]);
  const [admin] = given.get("admin") ?? [];
  return admin === undefined
    ? await ledgerInStore(given, sources)
    : await ledgerAtGateway(admin, given, sources);
}

async function ledgerInStore(given: Given, sources: Sources): Promise<LedgerOutput> {
  const mistakes: string[] = [];
  const location = locationOf(given.get("ledger")?.[0], sources, mistakes);
  const asked = askedCounters(given, mistakes);
  if (mistakes.length > 0 || !location || !asked) throw new ConfigError(mistakes);
  const path = ledgerFile(location);
  // Opening would create it.
  if (path !== undefined && !existsSync(path)) {
    return { text: `there is no file ${path}`, isRead: false };
  }
  try {
    const { store, close } = await openLedger(location, silentLog());
    try {
      const counters = await readIn(store, asked, given.has("reset"));
      return { text: countersText(counters, isWholeApp(asked)), isRead: true };
    } finally {
      close();
    }
  } catch (error) {
    const text = failureText(error, location);
    if (text === undefined) throw error;
    return { text, isRead: false };
  }
}

async function ledgerAtGateway(
  admin: string,
  given: Given,
  { env }: Sources,
): Promise<LedgerOutput> {
  const mistakes = (["ledger", "reset"] as const)
    .filter((name) => given.has(name))
    .map((name) => `--admin and --${name} exclude each other`);
  const asked = askedCounters(given, mistakes);
  if (mistakes.length > 0 || !asked) throw new ConfigError(mistakes);
  const found = await readAtGateway(admin, env, asked);
  if ("failure" in found) return { text: found.failure, isRead: false };
  return { text: countersText(found, isWholeApp(asked)), isRead: true };
}

/** Reads which counters a command line names; `undefined` when it names no app. */
function askedCounters(given: Given, mistakes: string[]): AskedCounters | undefined {
  const [app, subject, token, issuer] = (["app", "subject", "token", "issuer"] as const).map(
    (name) => given.get(name)?.[0],
  );
  if (!app) mistakes.push("--app is missing: name the app");
  if (subject !== undefined && token !== undefined) {
    mistakes.push("--subject and --token exclude each other");
  }
  if (issuer !== undefined && token === undefined) mistakes.push("--issuer needs --token");
  return app ? { app, subject, token, issuer } : undefined;
}

function isWholeApp({ subject, token }: AskedCounters): boolean {
  return subject === undefined && token === undefined;
}

async function readIn(
  store: LedgerStore,
  asked: AskedCounters,
  isReset: boolean,
): Promise<readonly CounterReading[]> {
  const scopes = [scopeOf(asked)];
  if (isReset) await store.run({ kind: "reset", app: asked.app, scopes });
  const [counters = []] = await store.run({ kind: "read", app: asked.app, scopes });
  return counters;
}

function scopeOf({ app, subject, token, issuer = app }: AskedCounters): Scope {
  if (subject !== undefined) return subjectScope(subject);
  return token === undefined ? APP_SCOPE : tokenScope(issuer, token);
}

/** Why the counters cannot be read; `undefined` for another error. */
function failureText(error: unknown, location: string): string | undefined {
  if (error instanceof LedgerFileError) {
    const { code, message } = error;
    return code === "in_use" ? `${message}: name it by --admin URL, or stop it first` : message;
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
    mistakes.push("--ledger is the memory of the gateway: name the gateway itself by --admin URL");
  }
  return location;
}
