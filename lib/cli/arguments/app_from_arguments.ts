import { type ConfigPath, formatPath } from "../../config/config_path.ts";
import type { Environment } from "../../config/environment.ts";
import type { Arguments } from "./parse_arguments.ts";

/** The app of a command line, in the structure of a configuration file. */
export interface ArgumentApp {
  /** The app; absent when there is a configuration file and no ID argument. */
  app?: Record<string, unknown>;
  /** The flag or argument that set a value, by the path of the value. The index of the app is 0. */
  names: ReadonlyMap<string, string>;
  /** Mistakes that the schema cannot find in `app`. */
  mistakes: readonly string[];
}

const APP_FLAGS = ["header", "upstream", "allow-private-upstreams"] as const;

const UNREPLACED =
  "contains a variable that the shell did not replace: put the header in double quotes or into a configuration file";

/**
 * Builds the app of `signway ID SECRET` in the structure of a configuration file.
 *
 * @param args the command line, from `parseArguments`
 * @param env the environment; `SW_ID` and `SW_SECRET` replace missing arguments, unless there is a file
 * @returns the app, whose values are not validated yet
 */
export function appFromArguments({ positionals, given }: Arguments, env: Environment): ArgumentApp {
  const hasFile = given.has("config");
  const { SW_ID, SW_SECRET } = hasFile ? {} : env;
  const [id = SW_ID, secret = SW_SECRET] = positionals;
  const mistakes =
    positionals.length > 2 ? ["too many arguments: only ID and SECRET are allowed"] : [];
  if (hasFile && positionals.length === 0) {
    const flags = APP_FLAGS.filter((name) => given.has(name));
    const withoutApp = flags.map(
      (name) => `--${name} needs ID and SECRET: add them, or set it in an app of the file`,
    );
    return { names: new Map(), mistakes: [...mistakes, ...withoutApp] };
  }
  const { headers, mistakes: headerMistakes } = headersFrom(given.get("header") ?? []);
  const urls = given.get("upstream") ?? [];
  const openRule = { headers, allow_private: given.has("allow-private-upstreams") };
  const rules = urls.length > 0 ? urls.map((url) => ({ url, headers })) : [openRule];
  return {
    app: { id, secrets: [secret], upstream: rules },
    names: appNames(rules.length, Object.keys(headers)),
    mistakes: [...mistakes, ...headerMistakes],
  };
}

function appNames(ruleCount: number, headerNames: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const name = (path: ConfigPath, argument: string) =>
    names.set(formatPath(["app", 0, ...path]), argument);
  name(["id"], "ID (the first argument or SW_ID)");
  name(["secrets"], "SECRET (the second argument or SW_SECRET)");
  name(["secrets", 0], "SECRET (the second argument or SW_SECRET)");
  for (let i = 0; i < ruleCount; i++) {
    name(["upstream", i, "url"], `--upstream number ${i + 1}`);
    name(["upstream", i], `--upstream number ${i + 1}`);
    name(["upstream", i, "headers"], "--header");
    for (const header of headerNames)
      name(["upstream", i, "headers", header], `--header ${header}`);
  }
  return names;
}

function headersFrom(texts: readonly string[]) {
  const headers: Record<string, string> = {};
  const mistakes: string[] = [];
  const isKnown = (name: string) =>
    Object.keys(headers).some((known) => known.toLowerCase() === name.toLowerCase());
  for (const [i, text] of texts.entries()) {
    const colon = text.indexOf(":");
    const name = text.slice(0, Math.max(colon, 0)).trim();
    // Do not print the text: without a colon, all of it may be a secret.
    if (name === "") mistakes.push(`--header number ${i + 1} must have the form 'Name: value'`);
    else if (isKnown(name)) mistakes.push(`--header sets ${name} twice`);
    else {
      const value = text.slice(colon + 1).trim();
      // The shell does not replace variables in single quotes, so the upstream would get `${…}`.
      if (/\$\{[^}]*\}/.test(value)) mistakes.push(`--header ${name} ${UNREPLACED}`);
      headers[name] = value;
    }
  }
  return { headers, mistakes };
}
