import type { DescribePath } from "./config_path.ts";
import type { ReadText } from "./read_text.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { unreadableFile } from "./unreadable_file.ts";

/** Options of {@link findPemMistakes}. */
export interface PemOptions {
  read: ReadText;
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

function pemKeys(rows: SettingRows): string[] {
  return Object.keys(rows).filter((key) => rows[key]?.file === "pem");
}
