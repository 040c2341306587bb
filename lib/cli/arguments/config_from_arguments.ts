import { formatPath } from "../../config/config_path.ts";
import { flagsOf, type KeyFlag } from "../../config/rows/flags_of.ts";
import type { SettingRows } from "../../config/rows/setting_row.ts";
import { SETTINGS } from "../../config/settings_table.ts";
import { appFromArguments } from "./app_from_arguments.ts";
import type { Environment } from "../../config/environment.ts";
import type { FlagName } from "./serve_flags.ts";
import type { Arguments } from "./parse_arguments.ts";

/** A command line, in the structure of a configuration file. */
export interface ArgumentConfig {
  /** The top-level keys that flags set, with their values. */
  top: Record<string, unknown>;
  /** The app of `signway ID SECRET`; absent when the command line has none. */
  app?: Record<string, unknown>;
  /** The flag or argument that sets a value, by the path of the value. */
  names: ReadonlyMap<string, string>;
  /** Mistakes that the schema cannot find in the values. */
  mistakes: readonly string[];
}

/**
 * Turns a command line into the structure of a configuration file.
 *
 * @param args the command line, from `parseArguments`
 * @param env the environment; `SW_ID` and `SW_SECRET` replace missing arguments, unless there is a file
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns the configuration, whose values are not validated yet
 */
export function configFromArguments(
  args: Arguments,
  env: Environment,
  rows: SettingRows = SETTINGS,
): ArgumentConfig {
  const top: Record<string, unknown> = {};
  const names = new Map<string, string>();
  const hasFile = args.given.has("config");
  for (const flag of flagsOf(rows).filter(({ form }) => form !== "part")) {
    const [text] = args.given.get(flag.name as FlagName) ?? [];
    if (text !== undefined) setValue(top, flag.path, valueOf(flag, text));
    // Without a file, a missing setting can only be given as a flag.
    if (text !== undefined || !hasFile) names.set(formatPath(flag.path), `--${flag.name}`);
  }
  const { app, names: appNames, mistakes } = appFromArguments(args, env);
  return { top, names: new Map([...names, ...appNames]), ...(app && { app }), mistakes };
}

/** Converts the text of a flag. A text that has no valid value stays as it is: the schema refuses it. */
function valueOf({ form, row }: KeyFlag, text: string): unknown {
  if (form === "switch") return row.default !== true;
  if (form === "number") return /^\d+$/.test(text) ? Number(text) : text;
  if (form === "text") return text;
  const items = text.split(",").map((item) => item.trim());
  // `*` allows any value, as does a missing flag.
  return items.includes("*") ? undefined : items;
}

function setValue(top: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    top[key] = value;
    return;
  }
  const table = (top[key] ??= {}) as Record<string, unknown>;
  setValue(table, rest, value);
}
