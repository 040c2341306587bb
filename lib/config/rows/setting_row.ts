import type { z } from "zod";
import type { SettingFlag } from "./setting_flag.ts";

/** One setting, under its key in the file. It is required, or has a default, or may be left out. */
export interface SettingRow {
  /** Which values are allowed, and the error for all others; without the default and the description. */
  type: z.ZodType;
  /** The value where the file has no such key. */
  default?: unknown;
  /** Whether the file must have the key. */
  required?: true;
  /** A sentence for the JSON Schema and the documentation; `{default}` stands for the default. */
  description?: string;
  /** Further sentences for the documentation alone, in Markdown. */
  details?: string;
  /** The flags that set the key, by their names without dashes. A row may have none. */
  flags?: Readonly<Record<string, SettingFlag>>;
  /** The rows of the table under this key, where those have flags too. */
  rows?: SettingRows;
  /** `pem`: the value is the path of a PEM file, which is read when the settings are loaded. */
  file?: "pem";
  /** The names in `Settings`, unless the value is simply copied to the key in camelCase. */
  becomes?: readonly string[];
  /** Whether a change takes effect only at the next start. */
  needsRestart?: true;
}

/** The settings of one table of the file, in the order of the JSON Schema. */
export type SettingRows = Readonly<Record<string, SettingRow>>;

/**
 * Writes the default of a row into one of its sentences.
 *
 * @param text in which `{default}` stands for the default
 * @param row that the text belongs to
 */
export function withDefault(text: string, row: SettingRow): string {
  return text.replaceAll("{default}", String(row.default));
}
