import { z } from "zod";
import { type FieldsOf, fieldsOf } from "./rows/fields_of.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { SETTINGS } from "./settings_table.ts";

const editorKey = {
  $schema: z.string().optional().describe("Path or URL of this schema, for editors."),
};

/** The zod schema of a configuration file with these settings. */
export type ConfigSchema<Rows extends SettingRows> = z.ZodObject<
  typeof editorKey & FieldsOf<Rows>,
  z.core.$strict
>;

/**
 * Derives the schema of the configuration file.
 *
 * @param rows the settings of the file
 * @returns a schema that allows no other keys and has the error messages of the rows
 */
export function createConfigSchema<Rows extends SettingRows>(rows: Rows): ConfigSchema<Rows> {
  return z.strictObject({ ...editorKey, ...fieldsOf(rows) }) as ConfigSchema<Rows>;
}

type SettingsSchema = ConfigSchema<typeof SETTINGS>;

/** A configuration as it is written in a file. */
export type ConfigInput = z.input<SettingsSchema>;

/** A valid configuration, with the defaults filled in. */
export type Config = z.output<SettingsSchema>;
