import {
  isJsonObject,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  pointerOf,
} from "../../../signing/verify.ts";
import { evaluateAt, type Keyword, type Run, type Violation, violationOf } from "./run.ts";

/** The keywords with subschemas. */
export const APPLICATORS: Readonly<Record<string, Keyword>> = {
  properties: evaluateProperties,
  additionalProperties: evaluateAdditional,
  prefixItems: evaluatePrefix,
  items: evaluateItems,
  contains: evaluateContains,
  allOf: evaluateAll,
  anyOf: evaluateAny,
  oneOf: evaluateOne,
  not: evaluateNot,
  if: evaluateIf,
  $ref: evaluateReference,
};

function evaluateProperties(value: JsonValue, instance: JsonValue, run: Run) {
  if (!isJsonObject(instance)) return undefined;
  const properties = value as JsonObject;
  // It is refused wherever the keyword stands, since no `not` may turn it around.
  run.prepared.knownNames.get(properties)!.assertNoVariant(instance, run.path, run.budget);
  for (const name of Object.keys(properties)) {
    if (!Object.hasOwn(instance, name)) continue;
    const schema = properties[name] as JsonSchema;
    const violation = evaluateMember(run, name, { schema, instance, keyword: "properties" });
    if (violation) return violation;
  }
  return undefined;
}

function evaluateAdditional(
  value: JsonValue,
  instance: JsonValue,
  run: Run,
  { properties = {} }: JsonObject,
) {
  if (!isJsonObject(instance)) return undefined;
  const schema = value as JsonSchema;
  for (const name of memberNames(instance, run)) {
    if (Object.hasOwn(properties as JsonObject, name)) continue;
    const keyword = "additionalProperties";
    const violation = evaluateMember(run, name, { schema, instance, keyword });
    if (violation) return violation;
  }
  return undefined;
}

interface Member {
  schema: JsonSchema;
  instance: JsonObject;
  keyword: string;
}

function evaluateMember(run: Run, name: string, { schema, instance, keyword }: Member) {
  return evaluateAt(run, name, () => run.evaluate(schema, instance[name]!, keyword));
}

function memberNames(instance: JsonObject, { budget }: Run): string[] {
  const names = Object.keys(instance);
  budget.spend(names.length / 64);
  return names;
}

function evaluatePrefix(value: JsonValue, instance: JsonValue, run: Run) {
  if (!Array.isArray(instance)) return undefined;
  const schemas = (value as JsonSchema[]).slice(0, instance.length);
  return firstViolation(schemas, (schema, i) =>
    evaluateAt(run, i, () => run.evaluate(schema, instance[i]!, "prefixItems")),
  );
}

function evaluateItems(
  value: JsonValue,
  instance: JsonValue,
  run: Run,
  { prefixItems = [] }: JsonObject,
) {
  if (!Array.isArray(instance)) return undefined;
  for (let i = (prefixItems as JsonSchema[]).length; i < instance.length; i++) {
    const violation = evaluateAt(run, i, () =>
      run.evaluate(value as JsonSchema, instance[i]!, "items"),
    );
    if (violation) return violation;
  }
  return undefined;
}

function evaluateContains(value: JsonValue, instance: JsonValue, run: Run) {
  if (!Array.isArray(instance)) return undefined;
  const isFound = instance.some(
    (item, i) => !evaluateAt(run, i, () => run.evaluate(value as JsonSchema, item, "contains")),
  );
  return isFound ? undefined : violationOf(run, "contains");
}

function evaluateAll(value: JsonValue, instance: JsonValue, run: Run) {
  return firstViolation(value as JsonSchema[], (schema) => run.evaluate(schema, instance, "allOf"));
}

function evaluateAny(value: JsonValue, instance: JsonValue, run: Run) {
  const schemas = value as JsonSchema[];
  const isFound = schemas.some((schema) => !run.evaluate(schema, instance, "anyOf"));
  return isFound ? undefined : violationOf(run, "anyOf");
}

function evaluateOne(value: JsonValue, instance: JsonValue, run: Run) {
  const schemas = value as JsonSchema[];
  const valid = schemas.filter((schema) => !run.evaluate(schema, instance, "oneOf"));
  return valid.length === 1 ? undefined : violationOf(run, "oneOf");
}

function evaluateNot(value: JsonValue, instance: JsonValue, run: Run) {
  const violation = run.evaluate(value as JsonSchema, instance, "not");
  return violation ? undefined : violationOf(run, "not");
}

function evaluateIf(value: JsonValue, instance: JsonValue, run: Run, schema: JsonObject) {
  const keyword = run.evaluate(value as JsonSchema, instance, "if") ? "else" : "then";
  const branch = schema[keyword];
  return branch === undefined ? undefined : run.evaluate(branch as JsonSchema, instance, keyword);
}

function evaluateReference(value: JsonValue, instance: JsonValue, run: Run) {
  const schema = run.prepared.subschemas.get(pointerOf(value as string)!)!;
  return run.evaluate(schema, instance, "$ref");
}

function firstViolation(
  schemas: readonly JsonSchema[],
  evaluate: (schema: JsonSchema, index: number) => Violation | undefined,
): Violation | undefined {
  for (const [index, schema] of schemas.entries()) {
    const violation = evaluate(schema, index);
    if (violation) return violation;
  }
  return undefined;
}
