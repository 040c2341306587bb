import leven from "leven";
import type { z } from "zod";
import type { ConfigPath, DescribePath } from "./config_path.ts";
import { keysAt } from "./json_schema.ts";
import type { SettingRows } from "./rows/setting_row.ts";

type Issue = z.core.$ZodIssue;

/** What an issue refers to. */
export interface IssueContext {
  /** The configuration that was checked. */
  input: unknown;
  /** Names a value in the description. */
  describePath: DescribePath;
  /** The settings that there are, to suggest one of them. */
  rows: SettingRows;
}

/**
 * Describes an issue of a schema: which value is wrong and what would be right. No value is quoted,
 * since any of them may be a secret.
 *
 * @param issue from zod
 * @param context what was checked, against which settings
 * @returns one sentence for each mistake
 */
export function describeIssue(issue: Issue, context: IssueContext): string[] {
  const { input, describePath, rows } = context;
  const path = issue.path as ConfigPath;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${describePath([...path, key])} is unknown${suggestKey(key, keysAt(path, rows))}`,
    );
  }
  const name = describePath(path) || "the file";
  const value = valueAt(input, path);
  if (issue.code === "invalid_union" && isObject(value)) {
    // Someone who wrote a table meant the table.
    const [tableIssues = []] = issue.errors;
    return tableIssues.flatMap((inner) =>
      describeIssue({ ...inner, path: [...path, ...inner.path] } as Issue, context),
    );
  }
  if (issue.code === "custom") return [`${name} ${issue.message}`];
  if (value === undefined) return [`${name} is missing: it must be ${describeExpected(issue)}`];
  return [`${name} must be ${describeExpected(issue)}`];
}

function describeExpected(issue: Issue): string {
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code === "too_small" && issue.origin !== "array") return `at least ${issue.minimum}`;
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  if (issue.code !== "invalid_type") return "a valid value";
  return TYPE_NAMES[issue.expected] ?? `a value of type ${issue.expected}`;
}

// As the three formats and their documentation call them.
const TYPE_NAMES: Partial<Record<string, string>> = {
  array: "a list",
  object: "a table",
  record: "a table",
};

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
