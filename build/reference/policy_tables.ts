import {
  MCP_CHECKED,
  FREE_METHODS,
  NOTIFICATIONS,
} from "../../lib/gateway/providers/mcp/methods.ts";
import type { MemberPath, Operation } from "../../lib/gateway/providers/operation.ts";
import { OPERATIONS } from "../../lib/gateway/providers/operations.ts";
import { describeAllowEntry } from "../../lib/signing/explain/allow_entries.ts";
import { allowEntries, apiOf } from "./allow_entries.ts";
import { fillTables } from "./fill_tables.ts";
import { markdownTable } from "./markdown_table.ts";

/**
 * Writes what the gateway knows of APIs into a text.
 *
 * @param text docs/policies.md
 * @returns the same text with new tables
 * @throws Error when the markers of a table are missing
 */
export function fillPolicyTables(text: string): string {
  return fillTables(text, {
    allow: allowTable(),
    operations: operationsTable(),
    versions: versionsTable(),
  });
}

/** What stands behind the colon of an entry that ends in one. */
const REST: Readonly<Record<string, string>> = {
  "tools:": "NAME",
  "field:": "PLACE",
  "header:": "NAME",
  "mcp:": "FAMILY",
};

function allowTable(): string {
  const entries = [...allowEntries()].sort(([a], [b]) => orderOf(a) - orderOf(b));
  const rows = entries.map(([entry, apis]) => {
    const written = entry + (REST[entry] ?? "");
    const opened = describeAllowEntry(written);
    if (opened === undefined) throw new Error(`nothing says what ${entry} opens`);
    return [`\`${written}\``, opened, apis.join(", ")];
  });
  return markdownTable([["entry", "opens", "APIs"], ...rows]);
}

const FAMILIES = ["tools:", "field:", "header:", "mcp:"];

/** Entries without a colon first, then each family, which its general entry begins. */
function orderOf(entry: string): number {
  const family = FAMILIES.findIndex((start) => entry.startsWith(start));
  return 2 * family + (entry === FAMILIES[family] ? 0 : 1);
}

function operationsTable(): string {
  const operations = Object.values(OPERATIONS).flat();
  // Of several APIs with the same request, the first one stands for all.
  const reversed = operations.toReversed();
  const unique = new Map(reversed.map((operation) => [requestOf(operation), operation]));
  const rows = [...unique]
    .toReversed()
    .map(([request, operation]) => [
      operation.name,
      `\`${request}\``,
      modelOf(operation),
      operation.caps?.map(codeOf).join(", ") ?? "",
    ]);
  const free = [...FREE_METHODS, `${NOTIFICATIONS}*`].sort().map((name) => `\`${name}\``);
  const mcp = ["MCP", `a message: ${free.join(", ")}`, "", ""];
  return markdownTable([["operation", "request", "model in", "output cap in"], ...rows, mcp]);
}

function requestOf({ method, path }: Operation): string {
  return `${method} …${path}`;
}

/** What the tables of each API were checked against. */
function versionsTable(): string {
  const operations = Object.values(OPERATIONS).flat();
  const versions = Map.groupBy(operations, ({ checked }) => checked);
  const rows = [...versions].map(([checked, [first]]) => [apiOf(first!).split(" ")[0]!, checked]);
  return markdownTable([["API", "checked against"], ...rows, ["MCP", MCP_CHECKED]]);
}

function modelOf({ path, modelIn }: Operation): string {
  return path.includes("{model}") ? "path" : modelIn ? codeOf(modelIn) : "";
}

function codeOf(path: MemberPath): string {
  return `\`${path.join(".")}\``;
}
