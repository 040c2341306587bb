import { type FlagForm, formOf, type SettingFlag } from "./setting_flag.ts";
import type { SettingRow, SettingRows } from "./setting_row.ts";

/** A flag, and the key that it sets. */
export interface KeyFlag {
  /** The name of the flag, without dashes. */
  name: string;
  flag: SettingFlag;
  form: FlagForm;
  /** The keys that lead to the value in the file. */
  path: readonly string[];
  row: SettingRow;
}

/** The names of the flags of rows, without the flags of nested tables. */
export type FlagNameOf<Rows extends SettingRows> = {
  [Key in keyof Rows]: Rows[Key] extends { flags: infer Flags } ? keyof Flags & string : never;
}[keyof Rows];

/**
 * Lists the flags of rows and of their nested tables.
 *
 * @param rows the rows of the file or of a table
 * @param parents the keys that lead to the rows. Default: none, for the whole file.
 * @returns the flags in the order of the rows
 */
export function flagsOf(rows: SettingRows, parents: readonly string[] = []): KeyFlag[] {
  return Object.entries(rows).flatMap(([key, row]) => {
    const path = [...parents, key];
    const own = Object.entries(row.flags ?? {}).map(([name, flag]) => {
      return { name, flag, form: formOf(flag), path, row };
    });
    return [...own, ...flagsOf(row.rows ?? {}, path)];
  });
}
