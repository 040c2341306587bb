import { type ConfigPath, type DescribePath, formatPath } from "../config_path.ts";
import { unreadableSetting } from "../unreadable_file.ts";
import { utf8Mistake } from "./not_utf8.ts";

/** The sources of referenced values. Each function returns `undefined` when there is no value. */
export interface ReferenceSources {
  /** Reads an environment variable. */
  variable: (name: string) => string | undefined;
  /** Reads the text of a file. */
  file: (path: string) => string | undefined;
}

/** A configuration with its references replaced. */
export interface Expanded {
  /** A copy of the configuration. */
  value: unknown;
  /** One sentence per reference that cannot be replaced, with its path. */
  mistakes: string[];
  /** The paths of the files that were read. The gateway watches them. */
  files: string[];
}

const REFERENCE = /\$\{([^}]*)\}/g;

/**
 * Replaces `${NAME}`, `${file:PATH}` and `${credential:NAME}` in every text of a configuration. The last
 * newline of a file is removed. A credential is a file that systemd puts into `$CREDENTIALS_DIRECTORY`.
 *
 * @param value the parsed configuration
 * @param sources the readers of variables and files
 * @param describePath names a value in a mistake. Default: its path
 * @returns the expanded configuration and all mistakes; an unresolved reference becomes an empty text
 */
export function expandReferences(
  value: unknown,
  sources: ReferenceSources,
  describePath: DescribePath = formatPath,
): Expanded {
  const mistakes: string[] = [];
  const files: string[] = [];

  function expand(node: unknown, path: ConfigPath): unknown {
    if (typeof node === "string") return expandText(node, path);
    if (Array.isArray(node)) return node.map((item, i) => expand(item, [...path, i]));
    // A date of TOML has no texts in it.
    if (typeof node !== "object" || node === null || node instanceof Date) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => [key, expand(item, [...path, key])]),
    );
  }

  function expandText(text: string, path: ConfigPath): string {
    if (text.replace(REFERENCE, "").includes("${")) {
      mistakes.push(`${describePath(path)}: a reference has no closing }`);
    }
    return text.replace(REFERENCE, (_, reference: string) => {
      const found = lookUp(reference, sources, files);
      if (typeof found === "string") return found;
      mistakes.push(`${describePath(path)}: ${found.reason}`);
      return "";
    });
  }

  return { value: expand(value, []), mistakes, files };
}

function lookUp(
  reference: string,
  sources: ReferenceSources,
  files: string[],
): string | { reason: string } {
  const [, kind, name = ""] = /^(?:(file|credential):)?(.*)$/s.exec(reference) ?? [];
  if (kind === "file") return readFile(name, `the file ${name}`, sources, files);
  if (kind === "credential") {
    const folder = sources.variable("CREDENTIALS_DIRECTORY");
    if (!folder)
      return { reason: `the credential ${name} needs $CREDENTIALS_DIRECTORY, which systemd sets` };
    if (!/^[\w.-]+$/.test(name))
      return {
        reason: `${JSON.stringify(name)} is not a valid credential name: use letters, digits, _, . and -`,
      };
    return readFile(`${folder}/${name}`, `the credential ${name}`, sources, files);
  }
  const value = sources.variable(name);
  if (value !== undefined && value !== "") return value;
  return { reason: `the environment variable ${name} is not set` };
}

function readFile(
  path: string,
  label: string,
  sources: ReferenceSources,
  files: string[],
): string | { reason: string } {
  const text = sources.file(path);
  if (text === undefined) return { reason: unreadableSetting(path, label) };
  files.push(path);
  const mistake = utf8Mistake(text);
  if (mistake !== undefined) return { reason: `${label} ${mistake}` };
  return text.replace(/\r?\n$/, "");
}
