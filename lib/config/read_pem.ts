import type { DescribePath } from "./config_path.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import type { Config } from "./schema.ts";
import { SETTINGS } from "./settings_table.ts";
import { unreadableFile } from "./unreadable_file.ts";

/** Reads a text file; `undefined` when it cannot be read. */
export type ReadPem = (path: string) => string | undefined;

/** The texts of the files of a configuration, by the keys that contain their paths. */
export type PemTexts = Readonly<Record<string, string | undefined>>;

/** Options of {@link findPemMistakes}. */
export interface PemOptions {
  read: ReadPem;
  /** Returns the name of a value in a message. */
  describePath: DescribePath;
  /** The settings of the file. */
  rows: SettingRows;
}

/**
 * Finds unusable PEM files, and TLS settings without the settings that they need.
 *
 * @param input the whole parsed configuration
 * @param options the file reader, the names of values and the settings
 * @returns one sentence per mistake
 */
export function findPemMistakes(input: unknown, options: PemOptions): string[] {
  const table = (input ?? {}) as Readonly<Record<string, unknown>>;
  const { describePath, rows } = options;
  const mistakes = pemKeys(rows).flatMap((key) => fileMistakes(key, table[key], options));
  if ((table["tls_cert"] === undefined) !== (table["tls_key"] === undefined)) {
    mistakes.push(
      `${describePath(["tls_cert"])} and ${describePath(["tls_key"])} must be set together`,
    );
  }
  if (table["http3"] === true && table["tls_cert"] === undefined) {
    mistakes.push(`${describePath(["http3"])} needs ${describePath(["tls_cert"])}`);
  }
  return mistakes;
}

function fileMistakes(key: string, path: unknown, { read, describePath }: PemOptions): string[] {
  if (typeof path !== "string" || path.trim() === "") return [];
  const text = read(path);
  if (text === undefined) return [`${describePath([key])}: ${unreadableFile(path)}`];
  return text.includes("-----BEGIN ") ? [] : [`${describePath([key])}: ${path} is not a PEM file`];
}

/**
 * Reads the files of a configuration whose paths are values of its keys.
 *
 * @param config the valid configuration, in which no mistakes were found
 * @param read reads a file
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns the texts, by the keys of their paths, and the paths
 */
export function readPem(
  config: Config,
  read: ReadPem,
  rows: SettingRows = SETTINGS,
): { pem: PemTexts; files: string[] } {
  const pem: Record<string, string> = {};
  const files: string[] = [];
  for (const key of Object.keys(rows).filter((name) => rows[name]?.file !== undefined)) {
    const path = config[key as keyof Config];
    const text = typeof path === "string" ? read(path) : undefined;
    if (typeof path !== "string" || text === undefined) continue;
    pem[key] = text;
    files.push(path);
  }
  return { pem, files };
}

function pemKeys(rows: SettingRows): string[] {
  return Object.keys(rows).filter((key) => rows[key]?.file === "pem");
}
