import { isTable } from "./tables.ts";
import leven from "leven";
import type { z } from "zod";
import { type ConfigPath, type DescribePath, formatPath } from "./config_path.ts";
import { keysAt } from "./json_schema.ts";
import { flagsOf } from "./rows/flags_of.ts";
import type { SettingRows } from "./rows/setting_row.ts";

type Issue = z.core.$ZodIssue;

/** The configuration that an issue was found in. */
export interface IssueContext {
  /** The parsed configuration. */
  input: unknown;
  /** Returns the name of a value in the description. */
  describePath: DescribePath;
  /** The settings of the file, of which one is suggested for an unknown key. */
  rows: SettingRows;
}

/**
 * Describes an issue of the schema: the place of the wrong value and the expected value. The description
 * quotes no value, because any value may be a secret.
 *
 * @param issue the issue, from zod
 * @param context the configuration and the settings that it was checked against
 * @returns one sentence per mistake
 */
export function describeIssue(issue: Issue, context: IssueContext): string[] {
  const { input, describePath, rows } = context;
  const path = issue.path as ConfigPath;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const likely = path.length === 0 ? keyOfFlag(key, rows) : undefined;
      const hint = likely ? `: did you mean ${likely}?` : suggestKey(key, keysAt(path, rows));
      return `${describePath([...path, key])} is unknown${hint}`;
    });
  }
  const name = describePath(path) || "the file";
  const value = valueAt(input, path);
  if (issue.code === "invalid_union" && isObject(value)) {
    // The value is a table, so only the issues of the alternative that is a table are useful.
    const [tableIssues = []] = issue.errors;
    return tableIssues.flatMap((inner) =>
      describeIssue({ ...inner, path: [...path, ...inner.path] } as Issue, context),
    );
  }
  if (issue.code === "custom") return [`${name} ${issue.message}`];
  if (value === undefined) return [`${name} is missing: it must be ${describeExpected(issue)}`];
  if (isUnquoted(issue, value)) return [`${name} must be a text: put it in quotes`];
  const isLoneTable =
    isListExpected(issue) && isTable(value) && keysAt([...path, 0], rows).length > 0;
  if (isLoneTable) return [`${name} must be a list: in TOML, write [[${headerOf(path)}]]`];
  return [`${name} must be ${describeExpected(issue)}`];
}

function isListExpected(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.expected === "array";
}

/** The header of a table in TOML, which has no indices. */
function headerOf(path: ConfigPath): string {
  return path.filter((step) => typeof step === "string").join(".");
}

function isUnquoted(issue: Issue, value: unknown): boolean {
  if (issue.code !== "invalid_type" || issue.expected !== "string") return false;
  // A rate without its unit, for example, would not be right in quotes.
  if (issue.message.includes("such as")) return false;
  return typeof value === "number" || typeof value === "boolean";
}

function describeExpected(issue: Issue): string {
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code === "too_small" && issue.origin !== "array") {
    return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
  }
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  if (issue.code !== "invalid_type") return "a valid value";
  return TYPE_NAMES[issue.expected] ?? `a value of type ${issue.expected}`;
}

// The terms of docs/configuration.md, for all three formats.
const TYPE_NAMES: Partial<Record<string, string>> = {
  array: "a list",
  object: "a table",
  record: "a table",
};

/** The key that the flag of this name sets, as `--port` sets `listen`. */
function keyOfFlag(name: string, rows: SettingRows): string | undefined {
  const found = flagsOf(rows).find((flag) => flag.name === name.replaceAll("_", "-"));
  return found && formatPath(found.path);
}

function suggestKey(key: string, known: readonly string[]): string {
  const distance = (name: string) => leven(name, key.toLowerCase());
  const nearest = known.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest !== undefined && distance(nearest) <= Math.max(1, key.length / 3)
    ? `: did you mean ${nearest}?`
    : `; the known keys are ${known.join(", ")}`;
}

function valueAt(input: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (node, step) => (isObject(node) ? (node as Record<string | number, unknown>)[step] : undefined),
    input,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
