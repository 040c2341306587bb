import type { ReadText } from "./read_text.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import type { Config } from "./schema.ts";
import { SETTINGS } from "./settings_table.ts";

/** The texts of the files of a configuration, by the keys that contain their paths. */
export type FileTexts = Readonly<Record<string, string | undefined>>;

/**
 * Reads the files of a configuration whose paths are values of its keys.
 *
 * @param config the valid configuration, in which no mistakes were found
 * @param read reads a file
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns the texts, by the keys of their paths, and the paths
 */
export function readSettingFiles(
  config: Config,
  read: ReadText,
  rows: SettingRows = SETTINGS,
): { texts: FileTexts; files: string[] } {
  const texts: Record<string, string> = {};
  const files: string[] = [];
  for (const key of Object.keys(rows).filter((name) => rows[name]?.file !== undefined)) {
    const path = config[key as keyof Config];
    const text = typeof path === "string" ? read(path) : undefined;
    if (typeof path !== "string" || text === undefined) continue;
    texts[key] = text;
    files.push(path);
  }
  return { texts, files };
}
