/** One option of the command line. */
export interface Flag {
  /** The heading under which the help shows the option. */
  group: string;
  /** The placeholder of the value in the help, such as `FILE`. Absent when the option is a switch. */
  value?: string;
  /** The short form of the option: a single letter without its dash. */
  short?: string;
  /** Words that the value may be, for completions. Absent: any text. */
  choices?: readonly string[];
  /** Whether the option may be repeated. */
  many?: true;
  /** One or more sentences for the help. */
  help: string;
}

/** The options of a command, by their names without the leading dashes. */
export type Flags = Readonly<Record<string, Flag>>;
