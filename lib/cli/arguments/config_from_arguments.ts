import { formatPath } from "../../config/config_path.ts";
import { flagsOf, type KeyFlag } from "../../config/rows/flags_of.ts";
import type { SettingRows } from "../../config/rows/setting_row.ts";
import { SETTINGS } from "../../config/settings_table.ts";
import { appFromArguments } from "./app_from_arguments.ts";
import type { Environment } from "./environment.ts";
import type { FlagName } from "./flags.ts";
import type { Arguments } from "./parse_arguments.ts";

/** A command line in the shape of the file. */
export interface ArgumentConfig {
  /** Keys of the file that flags set. */
  top: Record<string, unknown>;
  /** The app of `signway ID SECRET`, if there is one. */
  app?: Record<string, unknown>;
  /** The flag or argument that set a value, by the path of the value. */
  names: ReadonlyMap<string, string>;
  /** Mistakes that the shape cannot hold. */
  mistakes: readonly string[];
}

/**
 * Writes a command line in the shape of the configuration file.
 *
 * @param args from `parseArguments`
 * @param env `SW_ID` and `SW_SECRET` stand in for arguments, unless there is a file
 * @param rows the settings of the file. Default: all of this version.
 * @returns values that are not checked yet
 */
export function configFromArguments(
  args: Arguments,
  env: Environment,
  rows: SettingRows = SETTINGS,
): ArgumentConfig {
  const top: Record<string, unknown> = {};
  const names = new Map<string, string>();
  for (const flag of flagsOf(rows)) {
    const [text] = args.given.get(flag.name as FlagName) ?? [];
    if (text === undefined || flag.form === "part") continue;
    setValue(top, flag.path, valueOf(flag, text));
    names.set(formatPath(flag.path), `--${flag.name}`);
  }
  const { app, names: appNames, mistakes } = appFromArguments(args, env);
  return { top, names: new Map([...names, ...appNames]), ...(app && { app }), mistakes };
}

/** The value of a flag; a text that cannot be one is left for the schema to refuse. */
function valueOf({ form, row }: KeyFlag, text: string): unknown {
  if (form === "switch") return row.default !== true;
  if (form === "number") return /^\d+$/.test(text) ? Number(text) : text;
  if (form === "text") return text;
  const items = text.split(",").map((item) => item.trim());
  // As without the flag: any.
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
