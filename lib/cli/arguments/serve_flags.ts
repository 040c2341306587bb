import type { CORS_ROWS } from "../../config/rows/cors_rows.ts";
import { type FlagNameOf, flagsOf } from "../../config/rows/flags_of.ts";
import { FLAG_GROUPS, type FlagGroup } from "../../config/rows/setting_flag.ts";
import { type SettingRows, withDefault } from "../../config/rows/setting_row.ts";
import { SETTINGS } from "../../config/settings_table.ts";
import type { Flag, Flags } from "./flags.ts";

/** The options of `signway serve` that set no key at the top of the file. */
const COMMAND_LINE_FLAGS = {
  config: {
    group: "Configuration",
    value: "FILE",
    help: "Read apps, routes and settings from this TOML, YAML or JSON file. Flags override the file. It is reloaded on SIGHUP and when it changes.",
  },
  header: {
    group: "Upstreams",
    short: "H",
    value: "'NAME: VALUE'",
    many: true,
    help: "Add this header to every forwarded request. It replaces a header of the same name from the client. -h means the same if the next argument contains a colon.",
  },
  upstream: {
    group: "Upstreams",
    value: "URL",
    many: true,
    help: "Allow only targets with the scheme, host and port of this URL, at its path or below. Default: any public address.",
  },
  "allow-private-upstreams": {
    group: "Upstreams",
    help: "Also allow loopback, private and link-local targets. Has no effect with --upstream.",
  },
  help: { group: "Help", help: "Show this help. -h alone does the same." },
  version: { group: "Help", short: "V", help: "Show the version." },
} as const satisfies Readonly<Record<string, Flag & { group: FlagGroup }>>;

/** The name of an option of `signway serve`, without the leading dashes. */
export type FlagName =
  keyof typeof COMMAND_LINE_FLAGS | FlagNameOf<typeof SETTINGS> | FlagNameOf<typeof CORS_ROWS>;

/**
 * Derives the options of `signway serve`.
 *
 * @param rows the settings of the file
 * @returns the options in the order of the help
 */
export function serveFlagsOf(rows: SettingRows): Flags {
  const ofSettings = flagsOf(rows)
    .toSorted((a, b) => (a.flag.order ?? 0) - (b.flag.order ?? 0))
    .map(({ name, flag: { group, value, choices, help }, row }) => {
      const described = { group, ...(value && { value }), ...(choices && { choices }) };
      const flag: Flag = { ...described, help: withDefault(help, row) };
      return [name, flag] as const;
    });
  const all = [...Object.entries<Flag>(COMMAND_LINE_FLAGS), ...ofSettings];
  const groups: readonly string[] = FLAG_GROUPS;
  const byGroup = all.toSorted(([, a], [, b]) => groups.indexOf(a.group) - groups.indexOf(b.group));
  return Object.fromEntries(byGroup);
}

/** Every option of `signway serve`, in the order of the help. */
export const SERVE_FLAGS = serveFlagsOf(SETTINGS) as Readonly<Record<FlagName, Flag>>;
