import { RE2JS, RE2JSException } from "re2js";
import {
  isJsonObject,
  type JsonValue,
  type JsonSchema,
  JsonSchemaError,
  subschemasOf,
} from "../../../signing/verify.ts";
import { KnownNames } from "../known_names.ts";
import { topNamesOf } from "./top_names.ts";

/** A `pattern` of a schema. */
export interface PreparedPattern {
  /** Takes time in proportion to the length of a text and to `size`. */
  test: (text: string) => boolean;
  /** The number of instructions. */
  size: number;
}

/** A schema that can be evaluated. */
export interface PreparedSchema {
  root: JsonSchema;
  /** All schemas in it, by their JSON Pointers. */
  subschemas: ReadonlyMap<string, JsonSchema>;
  /** The patterns, by their texts. */
  patterns: ReadonlyMap<string, PreparedPattern>;
  /** The names in each `properties` and `required`. */
  knownNames: ReadonlyMap<JsonValue, KnownNames>;
  /** The members of the whole value that it names. */
  topNames: ReadonlySet<string>;
}

// Compiling a pattern takes about 10 µs for each instruction.
const MAX_INSTRUCTIONS = 10_000;

/**
 * Prepares a schema for its evaluation.
 *
 * @param root the whole schema
 * @throws JsonSchemaError when a keyword or a `pattern` is not supported, or the schema is too large
 */
export function prepareSchema(root: JsonSchema): PreparedSchema {
  const subschemas = subschemasOf(root);
  const patterns = new Map<string, PreparedPattern>();
  const knownNames = new Map<JsonValue, KnownNames>();
  let instructions = 0;
  for (const schema of subschemas.values()) {
    if (!isJsonObject(schema)) continue;
    const { pattern, properties, required } = schema;
    if (typeof pattern === "string" && !patterns.has(pattern)) {
      const prepared = preparePattern(pattern);
      patterns.set(pattern, prepared);
      instructions += prepared.size;
      if (instructions > MAX_INSTRUCTIONS)
        throw new JsonSchemaError("has patterns that are too large");
    }
    if (isJsonObject(properties)) {
      knownNames.set(properties, new KnownNames(Object.keys(properties)));
    }
    if (Array.isArray(required)) knownNames.set(required, new KnownNames(required as string[]));
  }
  return { root, subschemas, patterns, knownNames, topNames: topNamesOf(root, subschemas) };
}

function preparePattern(pattern: string): PreparedPattern {
  try {
    const regexp = RE2JS.compile(RE2JS.translateRegExp(pattern));
    return { test: (text) => regexp.test(text), size: regexp.programSize() };
  } catch (error) {
    // Lookaround and backreferences: no engine matches them in linear time.
    if (error instanceof RE2JSException) {
      throw new JsonSchemaError("has a pattern that is no regular expression of RE2");
    }
    throw error;
  }
}
