import { z } from "zod";
import { APP_ROWS, UPSTREAM_ROWS } from "../../lib/config/rows/app_rows.ts";
import { AWS_ROWS, OAUTH_ROWS } from "../../lib/config/rows/credential_rows.ts";
import { CORS_ROWS } from "../../lib/config/rows/cors_rows.ts";
import { fieldsOf } from "../../lib/config/rows/fields_of.ts";
import { APP_LIMIT_ROWS, LIMIT_ROWS } from "../../lib/config/rows/limit_rows.ts";
import { OTLP_ROWS } from "../../lib/config/rows/otlp_rows.ts";
import { POLICY_ROWS } from "../../lib/config/rows/policy_rows.ts";
import { ROUTE_ROWS, SIGNATURE_ROWS } from "../../lib/config/rows/route_rows.ts";
import {
  type SettingRow,
  type SettingRows,
  withDefault,
} from "../../lib/config/rows/setting_row.ts";
import { RECEIPT_ROWS } from "../../lib/config/rows/receipt_rows.ts";
import { TOKEN_ROWS } from "../../lib/config/rows/token_rows.ts";
import { SETTINGS } from "../../lib/config/settings_table.ts";
import type { SchemaNode } from "../../lib/config/json_schema.ts";
import { fillTables } from "./fill_tables.ts";
import { markdownTable } from "./markdown_table.ts";

/** The tables of docs/configuration.md, by the names in its markers. */
export const DOCUMENTED_ROWS: Readonly<Record<string, SettingRows>> = {
  settings: SETTINGS,
  cors: CORS_ROWS,
  otlp: OTLP_ROWS,
  app: APP_ROWS,
  tokens: TOKEN_ROWS,
  receipts: RECEIPT_ROWS,
  upstream: UPSTREAM_ROWS,
  aws: AWS_ROWS,
  oauth: OAUTH_ROWS,
  limits: APP_LIMIT_ROWS,
  subject: LIMIT_ROWS,
  route: ROUTE_ROWS,
  signature: SIGNATURE_ROWS,
  policy: POLICY_ROWS,
};

// As the three formats call them.
const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  array: "list",
  object: "table",
};

/**
 * Writes the reference of settings in Markdown.
 *
 * @param rows of one table of the file
 * @returns a table with one line for each row; without the column of flags when no row has a flag
 */
export function settingsReference(rows: SettingRows): string {
  const schema = z.toJSONSchema(z.strictObject(fieldsOf(rows)), { io: "input" }) as SchemaNode;
  const hasFlags = Object.values(rows).some(({ flags }) => flags !== undefined);
  const header = ["key", "type", "default", ...(hasFlags ? ["flag"] : []), "meaning"];
  const lines = Object.entries(rows).map(([key, row]) => {
    const node = schema.properties?.[key] ?? {};
    const flags = Object.keys(row.flags ?? {}).map((name) => `\`--${name}\``);
    return [
      `\`${key}\``,
      typesOf(node).join(" or "),
      defaultOf(row, node),
      ...(hasFlags ? [flags.join(", ")] : []),
      meaningOf(row),
    ];
  });
  return markdownTable([header, ...lines]);
}

/**
 * Writes the reference of settings into a text, between the markers of each table.
 *
 * @param text docs/configuration.md
 * @returns the same text with new tables
 * @throws Error when the markers of a table are missing
 */
export function fillSettingsTables(text: string): string {
  const tables = Object.entries(DOCUMENTED_ROWS).map(
    ([name, rows]) => [name, settingsReference(rows)] as const,
  );
  return fillTables(text, Object.fromEntries(tables));
}

function typesOf({ type, anyOf }: SchemaNode): string[] {
  if (!anyOf) return [TYPE_NAMES[type ?? ""] ?? `unknown ${type}`];
  return [...new Set(anyOf.flatMap(typesOf))];
}

function defaultOf({ required }: SettingRow, node: SchemaNode): string {
  if (required) return "required";
  return node.default === undefined ? "" : `\`${JSON.stringify(node.default)}\``;
}

function meaningOf(row: SettingRow): string {
  const { description, details } = row;
  return [description && withDefault(description, row), details].filter(Boolean).join(" ");
}
