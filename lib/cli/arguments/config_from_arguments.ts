import { formatPath, type ConfigPath } from "../../config/config_path.ts";
import type { FlagName } from "./flags.ts";
import type { Arguments } from "./parse_arguments.ts";

/** The variables that stand in for arguments. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command line says, in the shape of the file. */
export interface ArgumentConfig {
  /** Keys of the file that flags set. */
  top: Record<string, unknown>;
  /** The app of `signway ID SECRET`, if there is one. */
  app?: Record<string, unknown>;
  /** What each path is called on the command line. */
  names: ReadonlyMap<string, string>;
  /** What the shape cannot hold. */
  mistakes: readonly string[];
}

const NUMBERS = {
  "max-expires": "max_expires",
  "clock-skew": "clock_skew",
  "max-signed-body": "max_signed_body",
  "sse-heartbeat": "sse_heartbeat",
  "connect-timeout": "connect_timeout",
  "head-timeout": "head_timeout",
  "idle-timeout": "idle_timeout",
  "upload-idle-timeout": "upload_idle_timeout",
  "max-duration": "max_duration",
  "max-connections": "max_connections",
  workers: "workers",
  drain: "drain",
} as const satisfies Partial<Record<FlagName, string>>;

const TEXTS = {
  "public-path": "public_path",
  "log-level": "log_level",
  "tls-cert": "tls_cert",
  "tls-key": "tls_key",
  "upstream-ca": "upstream_ca",
  admin: "admin",
} as const satisfies Partial<Record<FlagName, string>>;

/** Switches, and the value that they stand for. */
const SWITCHES = {
  explain: ["explain", true],
  "at-most-once": ["at_most_once", true],
  http3: ["http3", true],
  "no-bytes-monitor": ["bytes_monitor", false],
  "no-watch": ["watch", false],
} as const satisfies Partial<Record<FlagName, readonly [string, boolean]>>;

const LISTS = {
  "access-control-allow-origin": "allow_origins",
  "access-control-allow-methods": "allow_methods",
  "access-control-allow-headers": "allow_headers",
} as const;

/**
 * Writes a command line in the shape of the configuration file.
 *
 * @param args from `parseArguments`
 * @param env `SW_ID` and `SW_SECRET` stand in for arguments, unless there is a file
 */
export function configFromArguments(
  { positionals, given }: Arguments,
  env: Environment,
): ArgumentConfig {
  const names = new Map<string, string>();
  const top: Record<string, unknown> = {};
  const set = (path: ConfigPath, flag: string) => names.set(formatPath(path), flag);
  for (const [flag, key] of Object.entries(NUMBERS) as [FlagName, string][]) {
    const [text] = given.get(flag) ?? [];
    if (text === undefined) continue;
    top[key] = /^\d+$/.test(text) ? Number(text) : text;
    set([key], `--${flag}`);
  }
  for (const [flag, key] of Object.entries(TEXTS) as [FlagName, string][]) {
    const [text] = given.get(flag) ?? [];
    if (text === undefined) continue;
    top[key] = text;
    set([key], `--${flag}`);
  }
  const cors: Record<string, unknown> = {};
  for (const [flag, key] of Object.entries(LISTS) as [FlagName, string][]) {
    const items = given.get(flag)?.flatMap((text) => text.split(",").map((item) => item.trim()));
    if (!items) continue;
    cors[key] = items.includes("*") ? undefined : items;
    set(["cors", key], `--${flag}`);
  }
  if (Object.keys(cors).length > 0) top["cors"] = cors;
  for (const [flag, [key, value]] of Object.entries(SWITCHES)) {
    if (!given.has(flag as FlagName)) continue;
    top[key] = value;
    set([key], `--${flag}`);
  }
  return { top, names, ...appFrom(positionals, given, env, set) };
}

function appFrom(
  positionals: readonly string[],
  given: Arguments["given"],
  env: Environment,
  set: (path: ConfigPath, name: string) => void,
): Pick<ArgumentConfig, "app" | "mistakes"> {
  const mistakes: string[] = [];
  const hasFile = given.has("config");
  const [id = hasFile ? undefined : env["SW_ID"], secret = hasFile ? undefined : env["SW_SECRET"]] =
    positionals;
  if (positionals.length > 2) mistakes.push("there are more arguments than ID and SECRET");
  const ofApp = (["header", "upstream", "allow-private-upstreams"] as const).filter((f) =>
    given.has(f),
  );
  if (hasFile && positionals.length === 0) {
    for (const flag of ofApp)
      mistakes.push(`--${flag} belongs to an app: give ID and SECRET, or put it into the file`);
    return { mistakes };
  }
  set(["app", 0, "id"], "ID, the first argument or SW_ID,");
  set(["app", 0, "secrets"], "SECRET, the second argument or SW_SECRET,");
  set(["app", 0, "secrets", 0], "SECRET, the second argument or SW_SECRET,");
  const headers = headersFrom(given.get("header") ?? [], mistakes);
  const urls = given.get("upstream") ?? [];
  const rules =
    urls.length > 0 ? urls.map((url) => ({ url, headers })) : [openRule(headers, given)];
  for (const [i] of rules.entries()) {
    set(["app", 0, "upstream", i, "url"], `--upstream number ${i + 1}`);
    set(["app", 0, "upstream", i], `--upstream number ${i + 1}`);
    set(["app", 0, "upstream", i, "headers"], "--header");
    for (const name of Object.keys(headers)) {
      set(["app", 0, "upstream", i, "headers", name], `--header ${name}`);
    }
  }
  return { app: { id, secrets: [secret], upstream: rules }, mistakes };
}

const UNREPLACED =
  "holds a variable that nobody replaced: put the header between double quotes, or into a file, --config";

function openRule(headers: Record<string, string>, given: Arguments["given"]) {
  return { headers, allow_private: given.has("allow-private-upstreams") };
}

function headersFrom(texts: readonly string[], mistakes: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [i, text] of texts.entries()) {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).trim();
    // Without a colon the whole of it may be a secret.
    if (name === "") mistakes.push(`--header number ${i + 1} is not of the form 'Name: value'`);
    else if (Object.keys(headers).some((known) => known.toLowerCase() === name.toLowerCase())) {
      mistakes.push(`--header sets ${name} twice`);
    } else {
      const value = text.slice(colon + 1).trim();
      // Between single quotes a shell leaves it as it stands, and so would the upstream get it.
      if (/\$\{[^}]*\}/.test(value)) mistakes.push(`--header ${name} ${UNREPLACED}`);
      headers[name] = value;
    }
  }
  return headers;
}
