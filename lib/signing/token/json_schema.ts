import { utf8 } from "../primitives/encoding.ts";
import { escapeStep } from "../primitives/json_pointer.ts";
import {
  formatJson,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from "../primitives/json_value.ts";

/** A schema of JSON Schema (2020-12). */
export type JsonSchema = boolean | JsonObject;

/** The largest schema, in bytes of JSON without white space. */
export const MAX_SCHEMA_BYTES = 32_768;

/** The error for a schema that is refused. Its message follows the name of the schema, as in "is no schema". */
export class JsonSchemaError extends Error {
  override readonly name = "JsonSchemaError";
}

/** What the value of a keyword is: a schema, a list or an object of schemas, or no schema at all. */
type Content = "schema" | "list" | "members" | ((value: JsonValue) => boolean);

/** The keywords that a schema may use (https://json-schema.org/draft/2020-12). */
const KEYWORDS: Readonly<Record<string, Content>> = {
  type: isTypeOrTypes,
  enum: (value) => Array.isArray(value) && value.length > 0,
  const: () => true,
  properties: "members",
  required: isListOfTexts,
  additionalProperties: "schema",
  minProperties: isCount,
  maxProperties: isCount,
  items: "schema",
  prefixItems: "list",
  contains: "schema",
  minItems: isCount,
  maxItems: isCount,
  minLength: isCount,
  maxLength: isCount,
  pattern: (value) => typeof value === "string",
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: (value) => isNumber(value) && Number(value) > 0,
  anyOf: "list",
  allOf: "list",
  oneOf: "list",
  not: "schema",
  if: "schema",
  then: "schema",
  else: "schema",
  $defs: "members",
  $ref: (value) => typeof value === "string",
};

/** The types of values, as the keyword `type` names them. */
export const JSON_TYPES: ReadonlySet<JsonValue> = new Set([
  ...["null", "boolean", "object", "array", "number", "integer", "string"],
]);

/**
 * Finds all schemas in a schema, and checks that each has only keywords that are supported, with values of
 * the right form. Whether a `pattern` is supported is not checked.
 *
 * @param root the whole schema
 * @returns the schemas by their JSON Pointers (RFC 6901) in the whole schema, which is that of the pointer ""
 * @throws JsonSchemaError when it is too large, or has another keyword or a wrong value
 */
export function subschemasOf(root: JsonValue): ReadonlyMap<string, JsonSchema> {
  if (utf8(formatJson(root)).length > MAX_SCHEMA_BYTES) {
    throw new JsonSchemaError(`is larger than ${MAX_SCHEMA_BYTES} bytes`);
  }
  const found = new Map<string, JsonSchema>();
  collect(root, "", found);
  for (const [pointer, schema] of found) {
    const reference = isJsonObject(schema) ? schema["$ref"] : undefined;
    if (typeof reference !== "string" || found.has(pointerOf(reference) ?? "#")) continue;
    throw new JsonSchemaError(`has a $ref to no schema inside of it${at(pointer)}`);
  }
  return found;
}

/**
 * The JSON Pointer in a `$ref`.
 *
 * @param reference such as `#/$defs/item`
 * @returns `undefined` when it refers to something outside
 */
export function pointerOf(reference: string): string | undefined {
  if (!reference.startsWith("#")) return undefined;
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return undefined;
  }
}

function collect(schema: JsonValue, pointer: string, found: Map<string, JsonSchema>): void {
  if (typeof schema !== "boolean" && !isJsonObject(schema)) {
    throw new JsonSchemaError(`has something that is no schema${at(pointer)}`);
  }
  found.set(pointer, schema);
  if (typeof schema === "boolean") return;
  for (const [keyword, value] of Object.entries(schema)) {
    const content = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    const place = `${pointer}/${keyword}`;
    if (content === undefined) throw unknownKeyword(keyword, pointer);
    if (content === "schema") collect(value, place, found);
    else if (typeof content === "string") collectAll(content, value, place, found);
    else if (!content(value)) throw wrongValue(place);
  }
}

function collectAll(
  content: "list" | "members",
  value: JsonValue,
  place: string,
  found: Map<string, JsonSchema>,
): void {
  const isRight =
    content === "list" ? Array.isArray(value) && value.length > 0 : isJsonObject(value);
  if (!isRight) throw wrongValue(place);
  for (const [name, schema] of Object.entries(value as JsonObject)) {
    collect(schema, `${place}/${escapeStep(name)}`, found);
  }
}

function unknownKeyword(keyword: string, pointer: string): JsonSchemaError {
  const name = /^\$?\w{1,40}$/.test(keyword) ? `the keyword ${keyword}` : "a keyword";
  return new JsonSchemaError(`has ${name}, which is not supported${at(pointer)}`);
}

function wrongValue(place: string): JsonSchemaError {
  return new JsonSchemaError(`has a keyword with a value of a wrong form${at(place)}`);
}

/** A place is not repeated when it is long or has odd characters. */
function at(pointer: string): string {
  return /^[\w$/~.-]{1,200}$/.test(pointer) ? ` at ${pointer}` : "";
}

function isTypeOrTypes(value: JsonValue): boolean {
  if (!Array.isArray(value)) return JSON_TYPES.has(value);
  return value.length > 0 && value.every((type) => JSON_TYPES.has(type));
}

function isListOfTexts(value: JsonValue): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isNumber(value: JsonValue): boolean {
  return typeof value === "number" || value instanceof JsonNumber;
}

/** A whole number from 0 on; `2.0` is one. */
function isCount(value: JsonValue): boolean {
  return isNumber(value) && Number.isSafeInteger(Number(value)) && Number(value) >= 0;
}
