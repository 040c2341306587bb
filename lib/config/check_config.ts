import { ConfigError } from "./config_error.ts";
import { type DescribePath, formatPath } from "./config_path.ts";
import { findContradictions } from "./contradictions/find_contradictions.ts";
import { describeIssue } from "./describe_issue.ts";
import { findKeySetMistakes } from "./key_set_files.ts";
import { findPriceMistakes } from "./price_file.ts";
import { findPemMistakes } from "./pem_files.ts";
import type { ReadText } from "./read_text.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { type Config, createConfigSchema } from "./schema.ts";
import { SETTINGS } from "./settings_table.ts";

/** Options of {@link checkConfig}. */
export interface CheckOptions {
  /** Names a value in an error. Default: its path in the file. */
  describePath?: DescribePath;
  /** Mistakes that are known already. Default: none. */
  known?: readonly string[];
  /** Reads a file that a setting names. */
  read: ReadText;
  /** The settings of the file. Default: all settings of this version. */
  rows?: SettingRows;
}

/**
 * Validates a configuration.
 *
 * @param input the parsed configuration, in which references are already replaced
 * @param options the names of values, the known mistakes, the reader of files and the settings
 * @returns the valid configuration, with the defaults filled in
 * @throws ConfigError with all mistakes, including the known ones
 */
export function checkConfig(input: unknown, options: CheckOptions): Config {
  const { describePath = formatPath, known = [], read, rows = SETTINGS } = options;
  const result = createConfigSchema(rows).safeParse(input);
  const issues = result.error?.issues ?? [];
  const found = [
    ...issues.flatMap((issue) => describeIssue(issue, { input, describePath, rows })),
    ...findContradictions(input, describePath),
    ...findPemMistakes(input, { read, describePath, rows }),
    ...findKeySetMistakes(input, { read, describePath }),
    ...findPriceMistakes(input, { read, describePath }),
  ];
  // An unresolved reference leaves an empty text. The schema's mistake about that text is not reported too.
  const names = known.map((mistake) => mistake.split(":")[0]!);
  const isNew = (mistake: string) => !names.some((name) => mistake.startsWith(`${name} `));
  const mistakes = [...new Set([...known, ...found.filter(isNew)])];
  if (mistakes.length > 0 || !result.success) throw new ConfigError(mistakes);
  return result.data as Config;
}
