/** The headings of the help, in its order. */
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

/** How the text of a flag becomes a value, by the word that stands for the text in the help. */
const FORMS = {
  SECONDS: "number",
  BYTES: "number",
  N: "number",
  LIST: "list",
  FILE: "text",
  LEVEL: "text",
  PATH: "text",
  "HOST:PORT": "text",
  ADDRESS: "part",
  PORT: "part",
} as const;

/**
 * How a flag sets its key: a `number` and a `text` are taken as they are written, a `list` is separated
 * by commas, and a `switch` sets the opposite of the default. Several flags of the form `part` make one
 * value together: the command line has a function of its own for them.
 */
export type FlagForm = (typeof FORMS)[keyof typeof FORMS] | "switch";

/** A flag of `signway serve` that sets a key of the file. */
export interface SettingFlag {
  /** The heading under which the help shows it. */
  group: FlagGroup;
  /** Stands for the value in the help, and decides the form. Absent: a switch. */
  value?: keyof typeof FORMS;
  /** One or more sentences for the help; `{default}` stands for the default of the row. */
  help: string;
  /** The position in the group: smaller numbers first, equal ones in the order of the table. Default: 0. */
  order?: number;
}

/**
 * The form of a flag.
 *
 * @param flag from a row
 */
export function formOf({ value }: SettingFlag): FlagForm {
  return value === undefined ? "switch" : FORMS[value];
}
