import { z } from "zod";
import type { ConfigPath } from "./config_path.ts";
import type { SettingRows } from "./rows/setting_row.ts";
import { createConfigSchema } from "./schema.ts";
import { SETTINGS } from "./settings_table.ts";

/** A part of the JSON Schema, with the keywords that this project reads. */
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
 * @param rows the settings of the file. Default: all settings of this version.
 * @returns a schema of the file as it is written, before defaults are filled in
 */
export function jsonSchema(rows: SettingRows = SETTINGS): Record<string, unknown> {
  return z.toJSONSchema(createConfigSchema(rows), { io: "input" }) as Record<string, unknown>;
}

/**
 * Lists the keys that a table of the file may have.
 *
 * @param path the path of the table
 * @param rows the settings of the file
 * @returns the keys, in the order of the rows; empty when there is no table at the path
 */
export function keysAt(path: ConfigPath, rows: SettingRows): string[] {
  let node: SchemaNode | undefined = jsonSchema(rows) as SchemaNode;
  for (const step of path) {
    const { items, properties } = tableBranch(node);
    node = typeof step === "number" ? items : properties?.[step];
  }
  return Object.keys(tableBranch(node).properties ?? {}).filter((key) => !key.startsWith("$"));
}

/** The alternative of a node that is a table, otherwise the node itself. */
function tableBranch(node: SchemaNode | undefined): SchemaNode {
  return node?.anyOf?.find((branch) => branch.properties) ?? node ?? {};
}
