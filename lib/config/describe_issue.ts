import leven from "leven";
import { z } from "zod";
import { formatPath, type ConfigPath } from "./config_path.ts";
import { configSchema } from "./schema.ts";

type Issue = z.core.$ZodIssue;

/**
 * Says in words what a schema found: the path, what is wrong, what would be right. No value is
 * quoted, since any of them may be a secret.
 *
 * @param issue from zod
 * @param input what was checked
 * @param describePath how a path is called; default: as in the file
 */
export function describeIssue(
  issue: Issue,
  input: unknown,
  describePath: (path: ConfigPath) => string = formatPath,
): string[] {
  const path = issue.path as ConfigPath;
  const name = describePath(path) || "the file";
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${describePath([...path, key])} is unknown${suggestion(key, path)}`,
    );
  }
  const value = valueAt(input, path);
  if (issue.code === "invalid_union" && isObject(value)) {
    // Someone who wrote a table meant the table.
    const [table = []] = issue.errors;
    return table.flatMap((inner) =>
      describeIssue({ ...inner, path: [...path, ...inner.path] } as Issue, input, describePath),
    );
  }
  if (value === undefined && issue.code !== "custom")
    return [`${name} is missing: it must be ${expectation(issue)}`];
  if (issue.code === "custom") return [`${name} ${issue.message}`];
  return [`${name} must be ${expectation(issue)}`];
}

function expectation(issue: Issue): string {
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code === "too_small" && issue.origin !== "array") return `at least ${issue.minimum}`;
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  if (issue.code !== "invalid_type") return "something else";
  return TYPES[issue.expected] ?? `a value of type ${issue.expected}`;
}

// As the three formats and their documentation call them.
const TYPES: Partial<Record<string, string>> = {
  array: "a list",
  object: "a table",
  record: "a table",
};

function suggestion(key: string, path: ConfigPath): string {
  const known = keysAt(path);
  const distance = (name: string) => leven(name, key.toLowerCase());
  const nearest = known.toSorted((a, b) => distance(a) - distance(b))[0];
  return nearest !== undefined && distance(nearest) <= Math.max(1, key.length / 3)
    ? `: did you mean ${nearest}?`
    : `; known are ${known.join(", ")}`;
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

function keysAt(path: ConfigPath): string[] {
  let node: SchemaNode | undefined = jsonSchema() as SchemaNode;
  for (const step of path) {
    node = node?.anyOf?.find((branch) => branch.properties) ?? node;
    node = typeof step === "number" ? node?.items : node?.properties?.[step];
  }
  node = node?.anyOf?.find((branch) => branch.properties) ?? node;
  return Object.keys(node?.properties ?? {}).filter((key) => !key.startsWith("$"));
}

/** The JSON Schema of the configuration file, for editors: https://json-schema.org/draft/2020-12 */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: "input" }) as Record<string, unknown>;
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
