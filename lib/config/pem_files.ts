import type { DescribePath } from "./config_path.ts";
import { certificatesIn, privateKeyIn } from "./pem.ts";
import type { ReadText } from "./read_text.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { unreadableSetting } from "./unreadable_file.ts";

/** Options of {@link findPemMistakes}. */
export interface PemOptions {
  read: ReadText;
  /** Returns the name of a value in a message. */
  describePath: DescribePath;
  /** The settings of the file. */
  rows: SettingRows;
}

/**
 * Finds unusable PEM files, and TLS settings that do not belong together.
 *
 * @param input the whole parsed configuration
 * @param options the file reader, the names of values and the settings
 * @returns one sentence per mistake
 */
export function findPemMistakes(input: unknown, options: PemOptions): string[] {
  const table = (input ?? {}) as Readonly<Record<string, unknown>>;
  const { describePath, rows } = options;
  const unusable = pemKeys(rows).flatMap((key) => fileMistakes(key, table[key], options));
  const mistakes = unusable.length > 0 ? unusable : pairMistakes(table, options);
  if ((table["tls_cert"] === undefined) !== (table["tls_key"] === undefined)) {
    const names = [describePath(["tls_cert"]), describePath(["tls_key"])];
    // Beside a flag, the other one is named as a flag too.
    const flags = names.some((name) => name.startsWith("--")) && ["--tls-cert", "--tls-key"];
    mistakes.push(`${(flags || names).join(" and ")} must be set together`);
  }
  if (table["http3"] === true && table["tls_cert"] === undefined) {
    mistakes.push(`${describePath(["http3"])} needs ${describePath(["tls_cert"])}`);
  }
  return mistakes;
}

function fileMistakes(key: string, path: unknown, { read, describePath }: PemOptions): string[] {
  const mistake = isPath(path) ? fileMistake(key, path, read(path)) : undefined;
  return mistake === undefined ? [] : [`${describePath([key])}: ${mistake}`];
}

function fileMistake(key: string, path: string, text: string | undefined): string | undefined {
  if (text === undefined) return unreadableSetting(path);
  if (!text.includes("-----BEGIN ")) return `${path} is not a PEM file`;
  if (key === "tls_key") {
    return privateKeyIn(text) ? undefined : `${path} has no private key without a passphrase`;
  }
  return certificatesIn(text) ? undefined : `${path} has no certificate, or a damaged one`;
}

/** The files of a certificate and its key can both be read. */
function pairMistakes(
  { tls_cert: cert, tls_key: key }: Readonly<Record<string, unknown>>,
  { read, describePath }: PemOptions,
): string[] {
  if (!isPath(cert) || !isPath(key)) return [];
  const [certificate] = certificatesIn(read(cert) ?? "") ?? [];
  const privateKey = privateKeyIn(read(key) ?? "");
  if (!certificate || !privateKey || certificate.checkPrivateKey(privateKey)) return [];
  const name = describePath(["tls_key"]);
  return [`${name}: ${key} is not the key of the first certificate in ${cert}`];
}

function isPath(path: unknown): path is string {
  return typeof path === "string" && path.trim() !== "";
}

function pemKeys(rows: SettingRows): string[] {
  return Object.keys(rows).filter((key) => rows[key]?.file === "pem");
}
