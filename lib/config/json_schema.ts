import { z } from "zod";
import type { ConfigPath } from "./config_path.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { createConfigSchema } from "./schema.ts";
import { SETTINGS } from "./settings_table.ts";

/** A part of the JSON Schema, as far as this project looks into it. */
export interface SchemaNode {
  type?: string;
  default?: unknown;
  required?: string[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/**
 * Derives the JSON Schema of the configuration file, for editors:
 * https://json-schema.org/draft/2020-12
 *
 * @param rows the settings of the file. Default: all of this version.
 * @returns a schema of the file as it is written, before any default
 */
export function jsonSchema(rows: SettingRows = SETTINGS): Record<string, unknown> {
  return z.toJSONSchema(createConfigSchema(rows), { io: "input" }) as Record<string, unknown>;
}

/**
 * Lists the keys that a table of the file may have.
 *
 * @param path to the table
 * @param rows the settings of the file
 * @returns the keys in the order of the rows; none when the path leads to no table
 */
export function keysAt(path: ConfigPath, rows: SettingRows): string[] {
  let node: SchemaNode | undefined = jsonSchema(rows) as SchemaNode;
  for (const step of path) {
    const { items, properties } = tableBranch(node);
    node = typeof step === "number" ? items : properties?.[step];
  }
  return Object.keys(tableBranch(node).properties ?? {}).filter((key) => !key.startsWith("$"));
}

/** The alternative that is a table, or the node itself. */
function tableBranch(node: SchemaNode | undefined): SchemaNode {
  return node?.anyOf?.find((branch) => branch.properties) ?? node ?? {};
}
