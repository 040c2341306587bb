import {
  isJsonObject,
  type JsonSchema,
  type JsonValue,
  pointerOf,
} from "../../../signing/verify.ts";

/** Keywords with a schema of the same value, or a list of them. */
const OF_THE_SAME = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"];

/**
 * The members of a value that its schema names.
 *
 * @param root the schema of the value
 * @param subschemas all schemas in it, by their JSON Pointers
 */
export function topNamesOf(
  root: JsonSchema,
  subschemas: ReadonlyMap<string, JsonSchema>,
): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<JsonValue>();
  const collect = (schema: JsonValue | undefined): void => {
    if (!isJsonObject(schema) || seen.has(schema)) return;
    seen.add(schema);
    const { properties, required, $ref } = schema;
    for (const value of [schema["const"], schema["enum"]].flat()) {
      if (isJsonObject(value)) for (const name in value) names.add(name);
    }
    if (isJsonObject(properties)) for (const name in properties) names.add(name);
    if (Array.isArray(required)) for (const name of required) names.add(String(name));
    if (typeof $ref === "string") collect(subschemas.get(pointerOf($ref) ?? "#"));
    for (const keyword of OF_THE_SAME) [schema[keyword]].flat().forEach(collect);
  };
  collect(root);
  return names;
}
