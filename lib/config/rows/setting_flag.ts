/** The headings of the options in the help, in their order. */
export const FLAG_GROUPS = [
  "Configuration",
  "Upstreams",
  "Listening",
  "Limits",
  "Signatures",
  "Browsers (CORS)",
  "Logging",
  "Help",
] as const;

/** One of {@link FLAG_GROUPS}. */
export type FlagGroup = (typeof FLAG_GROUPS)[number];

/** The form of a flag's value, by its placeholder in the help. */
const FORMS = {
  SECONDS: "number",
  BYTES: "number",
  N: "number",
  LIST: "list",
  FILE: "text",
  FORMAT: "text",
  LEVEL: "text",
  LEDGER: "text",
  PATH: "text",
  "HOST:PORT": "text",
  ADDRESS: "part",
  PORT: "part",
} as const;

/**
 * The form of a flag's value. A `number` and a `text` are used as they are written. A `list` is separated
 * by commas. A `switch` has no value and sets the opposite of the default. Flags of the form `part` are
 * combined to one value: `listenAddress` does so for `--host` and `--port`.
 */
export type FlagForm = (typeof FORMS)[keyof typeof FORMS] | "switch";

/** A flag of `signway serve` that sets a key of the file. */
export interface SettingFlag {
  /** The heading under which the help shows the flag. */
  group: FlagGroup;
  /** The placeholder of the value in the help, which also sets the form. Absent when the flag is a switch. */
  value?: keyof typeof FORMS;
  /** Words that the value may be, for completions. Absent: any text. */
  choices?: readonly string[];
  /** One or more sentences for the help; `{default}` stands for the default of the row. */
  help: string;
  /** The position in the group, smallest first. Equal numbers keep the order of the table. Default: 0. */
  order?: number;
}

/**
 * Returns the form of a flag's value.
 *
 * @param flag the flag of a row
 */
export function formOf({ value }: SettingFlag): FlagForm {
  return value === undefined ? "switch" : FORMS[value];
}
