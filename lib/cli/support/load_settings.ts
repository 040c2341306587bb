import { checkConfig } from "../../config/check_config.ts";
import { ConfigError } from "../../config/config_error.ts";
import { parseConfigText } from "../../config/parse_text.ts";
import { readPem } from "../../config/read_pem.ts";
import { formatPath, type ConfigPath } from "../../config/config_path.ts";
import { expandReferences } from "../../config/references.ts";
import { type Settings, settingsFrom } from "../../config/settings.ts";
import {
  type ArgumentConfig,
  configFromArguments,
  type Environment,
} from "../arguments/config_from_arguments.ts";
import { listenAddress } from "../arguments/listen_address.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";

/** Reads a text file; `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/**
 * Builds the settings of a command line and its file. The short command line, `signway ID SECRET …`,
 * is the same configuration built in memory; a flag wins over the file.
 *
 * @param args from `parseArguments`
 * @param env `SW_ID`, `SW_SECRET`, `PORT`, and whatever the file refers to
 * @param read how files are read
 * @throws ConfigError with every mistake at once
 */
export function loadSettings(args: Arguments, env: Environment, read: ReadText): Settings {
  const [path] = args.given.get("config") ?? [];
  const file = path === undefined ? EMPTY : readFile(path, env, read);
  const flags = configFromArguments(args, env);
  const listen = listenAddress(args, file.value["listen"], env);
  const { input, appIndex } = merge(file.value, flags, listen.value);
  const describePath = (path: ConfigPath) =>
    path[0] === "listen" ? listen.name : nameIn(flags, appIndex, path);
  const known = [...file.mistakes, ...listen.mistakes, ...flags.mistakes];
  const config = checkConfig(input, { describePath, known, read });
  const { pem, files } = readPem(config, read);
  return settingsFrom(config, pem, [
    ...(path === undefined ? [] : [path]),
    ...file.files,
    ...files,
  ]);
}

const EMPTY = { value: {} as Record<string, unknown>, mistakes: [], files: [] };

function readFile(path: string, env: Environment, read: ReadText) {
  const text = read(path);
  if (text === undefined) throw new ConfigError([`--config: ${path} cannot be read`]);
  const parsed = parseConfigText(text, path);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError([`${path} must hold a table of settings`]);
  }
  const expanded = expandReferences(parsed, { variable: (name) => env[name], file: read });
  return { ...expanded, value: expanded.value as Record<string, unknown> };
}

/** Lays the flags over the file. Their app takes the place of one with the same id, or the last. */
function merge(
  file: Record<string, unknown>,
  { top, app }: ArgumentConfig,
  listen: unknown,
): { input: Record<string, unknown>; appIndex: number } {
  const input: Record<string, unknown> = { ...file, ...top, listen };
  if (isTable(file["cors"]) && isTable(top["cors"])) {
    input["cors"] = { ...file["cors"], ...top["cors"] };
  }
  if (!app) return { input, appIndex: -1 };
  const apps: unknown[] = Array.isArray(file["app"]) ? [...(file["app"] as unknown[])] : [];
  const same = apps.findIndex((other) => isTable(other) && other["id"] === app["id"]);
  const appIndex = same < 0 ? apps.length : same;
  apps[appIndex] = app;
  return { input: { ...input, app: apps }, appIndex };
}

/** What a path is called: by its flag, or as it stands in the file. */
function nameIn({ names }: ArgumentConfig, appIndex: number, path: ConfigPath): string {
  const [first, index, ...rest] = path;
  const written = formatPath(path);
  if (first === "app" && typeof index === "number") {
    return (index === appIndex && names.get(formatPath([first, 0, ...rest]))) || written;
  }
  return names.get(written) ?? names.get(formatPath(path.slice(0, -1))) ?? written;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
