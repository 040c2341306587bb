import { unreadableFile } from "../../config/unreadable_file.ts";
import { checkConfig } from "../../config/check_config.ts";
import { ConfigError } from "../../config/config_error.ts";
import { type ConfigPath, type DescribePath, formatPath } from "../../config/config_path.ts";
import { keySetFiles, withKeySetTexts } from "../../config/key_set_files.ts";
import { parseConfigText } from "../../config/text/parse_text.ts";
import { readOtelEnvironment } from "../../config/telemetry/otel_environment.ts";
import { type Expanded, expandReferences } from "../../config/text/references.ts";
import { findValueLines } from "../../config/text/value_lines.ts";
import { readSettingFiles } from "../../config/setting_files.ts";
import type { SettingRows } from "../../config/rows/setting_row.ts";
import { type Settings, settingsFrom } from "../../config/settings.ts";
import { SETTINGS } from "../../config/settings_table.ts";
import { isTable } from "../../config/tables.ts";
import {
  lacksEndpoint,
  NO_ENDPOINT,
  telemetryFrom,
} from "../../config/telemetry/telemetry_from.ts";
import { type ArgumentConfig, configFromArguments } from "../arguments/config_from_arguments.ts";
import type { Environment } from "../../config/environment.ts";
import { listenAddress } from "../arguments/listen_address.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { ReadText } from "../../config/read_text.ts";

type Table = Record<string, unknown>;

/**
 * Loads the settings from a command line and its configuration file. Flags override the file. The app of
 * `signway ID SECRET` is merged into the configuration as if the file contained it.
 *
 * @param args the command line, from `parseArguments`
 * @param env the environment: `SW_ID`, `SW_SECRET`, `PORT`, and the variables that the file refers to
 * @param readText reads a file; called once per path
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns valid settings, with the defaults filled in
 * @throws ConfigError with all mistakes
 */
export function loadSettings(
  args: Arguments,
  env: Environment,
  readText: ReadText,
  rows: SettingRows = SETTINGS,
): Settings {
  const read = readOnce(readText);
  const [path] = args.given.get("config") ?? [];
  const file = path === undefined ? NO_FILE : readConfigFile(path, env, read);
  const flags = configFromArguments(args, env, rows);
  const listen = listenAddress(args, file.value["listen"], env);
  const ledger = expandLedger(flags.top["ledger"], env, read);
  const top = { ...flags.top, ...ledger.value };
  const { input, appIndex } = mergeFlags(file.value, { ...flags, top }, listen.value);
  const describePath = (valuePath: ConfigPath) =>
    valuePath[0] === "listen"
      ? (listen.name ?? file.describePath(valuePath))
      : nameValue(flags, { appIndex, describePath: file.describePath }, valuePath);
  const otel = readOtelEnvironment(env);
  const ofFlags = [...listen.mistakes, ...flags.mistakes, ...ledger.mistakes];
  const known = [...file.mistakes, ...ofFlags, ...otel.mistakes];
  const config = checkConfig(input, { describePath, known, read, rows });
  const { texts, files } = readSettingFiles(config, read, rows);
  const own = path === undefined ? [] : [path];
  const allFiles = [...own, ...file.files, ...ledger.files, ...files, ...keySetFiles(config)];
  const converted = settingsFrom(config, texts, allFiles, rows);
  const settings = { ...converted, apps: withKeySetTexts(converted.apps, read) };
  const telemetry = telemetryFrom(settings.otlp, otel.values);
  if (lacksEndpoint(settings.otlp, otel.values)) throw new ConfigError([NO_ENDPOINT]);
  return telemetry ? { ...settings, telemetry } : settings;
}

/**
 * Loads the settings from a configuration file alone, as `signway serve --config FILE` does.
 *
 * @param path the path of the file
 * @param env the environment: `PORT`, and the variables that the file refers to
 * @param read reads a file
 * @returns valid settings, with the defaults filled in
 * @throws ConfigError with all mistakes
 */
export function loadSettingsFile(path: string, env: Environment, read: ReadText): Settings {
  return loadSettings({ positionals: [], given: new Map([["config", [path]]]) }, env, read);
}

/** Reads each file only once, so that the checked text is also the used text. */
function readOnce(read: ReadText): ReadText {
  const texts = new Map<string, string | undefined>();
  return (path) => {
    if (!texts.has(path)) texts.set(path, read(path));
    return texts.get(path);
  };
}

type ConfigFile = Expanded & {
  value: Table;
  /** Names a value of the file, with its line. */
  describePath: DescribePath;
};

const NO_FILE: ConfigFile = { value: {}, mistakes: [], files: [], describePath: formatPath };

function readConfigFile(path: string, env: Environment, read: ReadText): ConfigFile {
  const text = read(path);
  if (text === undefined) throw new ConfigError([`--config: ${unreadableFile(path)}`]);
  const parsed = parseConfigText(text, path);
  if (!isTable(parsed)) throw new ConfigError([`${path} must contain a table of settings`]);
  const lineOf = findValueLines(text, path);
  const describePath = (value: ConfigPath) => {
    const line = lineOf(value);
    return line === undefined ? formatPath(value) : `${formatPath(value)} (line ${line})`;
  };
  const sources = { variable: (name: string) => env[name], file: read };
  const expanded = expandReferences(parsed, sources, describePath);
  return { ...expanded, value: expanded.value as Table, describePath };
}

/** The password is not in the process list if the flag refers to a variable or a file, as `signway ledger` allows. */
function expandLedger(location: unknown, env: Environment, read: ReadText): ConfigFile {
  if (location === undefined) return NO_FILE;
  const sources = { variable: (name: string) => env[name], file: read };
  const { value, mistakes, files } = expandReferences(location, sources);
  const named = mistakes.map((mistake) => `--ledger${mistake}`);
  return { ...NO_FILE, value: { ledger: value }, mistakes: named, files };
}

/** Overrides the file with the flags. Their app replaces the app with the same id, or is appended. */
function mergeFlags(
  file: Table,
  { top, app }: ArgumentConfig,
  listen: unknown,
): { input: Table; appIndex: number } {
  const input: Table = { ...file, ...top, listen };
  if (isTable(file["cors"]) && isTable(top["cors"])) {
    input["cors"] = { ...file["cors"], ...top["cors"] };
  }
  if (!app) return { input, appIndex: -1 };
  const apps: unknown[] = Array.isArray(file["app"]) ? [...(file["app"] as unknown[])] : [];
  const indexOfId = apps.findIndex((other) => isTable(other) && other["id"] === app["id"]);
  const appIndex = indexOfId < 0 ? apps.length : indexOfId;
  apps[appIndex] = app;
  return { input: { ...input, app: apps }, appIndex };
}

/** Names a value by the flag or argument that set it or its parent, otherwise by its place in the file. */
function nameValue(
  { names }: ArgumentConfig,
  { appIndex, describePath }: { appIndex: number; describePath: DescribePath },
  path: ConfigPath,
): string {
  const [first, index, ...rest] = path;
  if (first === "app" && typeof index === "number") {
    if (index !== appIndex) return describePath(path);
    return names.get(formatPath([first, 0, ...rest])) ?? formatPath(path);
  }
  const flag = names.get(formatPath(path)) ?? names.get(formatPath(path.slice(0, -1)));
  return flag ?? describePath(path);
}
