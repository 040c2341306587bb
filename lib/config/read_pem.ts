import type { ConfigPath } from "./config_path.ts";
import type { Config } from "./schema.ts";

/** Reads a text file; `undefined` when it cannot be read. */
export type ReadPem = (path: string) => string | undefined;

/** The texts of the PEM files that a configuration names. */
export interface PemFiles {
  cert?: string;
  key?: string;
  ca?: string;
}

const KEYS = { cert: "tls_cert", key: "tls_key", ca: "upstream_ca" } as const;

/**
 * Looks for PEM files that cannot be used, and for ones that lack their other half.
 *
 * @param input the configuration as it was parsed
 * @param read how files are read
 * @param describePath how a place is called
 */
export function pemMistakes(
  input: unknown,
  read: ReadPem,
  describePath: (path: ConfigPath) => string,
): string[] {
  const table = (input ?? {}) as Readonly<Record<string, unknown>>;
  const mistakes = Object.values(KEYS).flatMap((key) => {
    const path = table[key];
    if (typeof path !== "string" || path.trim() === "") return [];
    const text = read(path);
    if (text === undefined) return [`${describePath([key])}: ${path} cannot be read`];
    return text.includes("-----BEGIN ") ? [] : [`${describePath([key])}: ${path} is not PEM`];
  });
  if ((table["tls_cert"] === undefined) !== (table["tls_key"] === undefined)) {
    mistakes.push(`${describePath(["tls_cert"])} and ${describePath(["tls_key"])} need each other`);
  }
  if (table["http3"] === true && table["tls_cert"] === undefined) {
    mistakes.push(`${describePath(["http3"])} needs ${describePath(["tls_cert"])}`);
  }
  return mistakes;
}

/**
 * Reads the PEM files of a checked configuration.
 *
 * @param config in which `pemMistakes` found none
 * @param read how files are read
 * @returns the texts, and the paths that were read
 */
export function readPem(config: Config, read: ReadPem): { pem: PemFiles; files: string[] } {
  const pem: PemFiles = {};
  const files: string[] = [];
  for (const [name, key] of Object.entries(KEYS) as [keyof PemFiles, keyof Config][]) {
    const path = config[key];
    const text = typeof path === "string" ? read(path) : undefined;
    if (typeof path !== "string" || text === undefined) continue;
    pem[name] = text;
    files.push(path);
  }
  return { pem, files };
}
