import type { z } from "zod";
import type { SettingFlag } from "./setting_flag.ts";

/** One setting of the file. It is required, or has a default, or is optional. */
export interface SettingRow {
  /** The schema of the values, with its error messages and without the default and the description. */
  type: z.ZodType;
  /** The value if the file does not contain the key. */
  default?: unknown;
  /** Whether the file must contain the key. */
  required?: true;
  /** Sentences for the JSON Schema and the documentation; `{default}` stands for the default. */
  description?: string;
  /** Further sentences for the documentation alone, in Markdown. */
  details?: string;
  /** The flags that set the key, by their names without dashes. */
  flags?: Readonly<Record<string, SettingFlag>>;
  /** The rows of the table under this key, if some of them have flags. */
  rows?: SettingRows;
  /** The content of the file whose path is the value. It is read when the settings are loaded. */
  file?: "pem" | "prices";
  /** The names in `Settings` for a converted value. Default: the value is copied to the key in camelCase. */
  becomes?: readonly string[];
  /** Whether a change takes effect only at the next start. */
  needsRestart?: true;
}

/** The settings of one table of the file, in the order of the JSON Schema. */
export type SettingRows = Readonly<Record<string, SettingRow>>;

/**
 * Inserts the default of a row into one of its texts.
 *
 * @param text the text, in which `{default}` stands for the default
 * @param row the row of the text
 * @returns the text with the default
 */
export function withDefault(text: string, row: SettingRow): string {
  return text.replaceAll("{default}", String(row.default));
}
