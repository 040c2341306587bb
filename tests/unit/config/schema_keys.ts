import { jsonSchema } from "../../../lib/config/json_schema.ts";

/** A piece of a JSON Schema, as far as this one goes. */
export interface SchemaNode {
  type?: string;
  default?: unknown;
  const?: unknown;
  required?: string[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** One key of the file. */
export interface SchemaKey {
  /** Such as `app[].upstream[].url`. */
  name: string;
  node: SchemaNode;
  isRequired: boolean;
}

/** Every key of the configuration file that has a meaning, tables included, as the schema has them. */
export function schemaKeys(): SchemaKey[] {
  return keysUnder(jsonSchema() as SchemaNode, "").filter(({ name }) => name !== "$schema");
}

function keysUnder(table: SchemaNode, prefix: string): SchemaKey[] {
  const { properties = {}, required = [] } = tableOf(table);
  return Object.entries(properties).flatMap(([key, node]) => {
    const name = prefix + key;
    const found = { name, node, isRequired: required.includes(key) };
    if (tableOf(node).properties) return [found, ...keysUnder(node, `${name}.`)];
    if (node.items?.properties) return [found, ...keysUnder(node.items, `${name}[].`)];
    return [found];
  });
}

/** The node itself, or what of its alternatives is a table. */
function tableOf(node: SchemaNode): SchemaNode {
  return node.anyOf?.find((branch) => branch.properties) ?? node;
}
