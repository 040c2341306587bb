import type { JsonSchema, JsonValue } from "../../../signing/verify.ts";
import { type Budget, tooMuch } from "../budget.ts";
import { APPLICATORS } from "./applicators.ts";
import { ASSERTIONS } from "./assertions.ts";
import type { PreparedSchema } from "./prepare.ts";
import { type Keyword, type Run, type Violation, violationOf } from "./run.ts";

// `then`, `else` and `$defs` do nothing by themselves.
const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({ ...ASSERTIONS, ...APPLICATORS }),
);

// A schema that refers to itself at the same value would never end.
const MAX_DEPTH = 512;

/**
 * Evaluates a schema, as JSON Schema 2020-12 defines it.
 *
 * @param prepared the schema
 * @param value the instance
 * @param budget the work that is left
 * @returns the first violation; `undefined` when the value complies with the schema
 * @throws PolicyError `policy_violation` when it takes too much work, and for a member whose name differs from
 *   one in `properties` or `required` by its case alone
 */
export function evaluateSchema(
  prepared: PreparedSchema,
  value: JsonValue,
  budget: Budget,
): Violation | undefined {
  const run: Run = {
    prepared,
    budget,
    path: [],
    depth: 0,
    evaluate: (schema, instance, keyword) => evaluate(run, schema, instance, keyword),
  };
  return evaluate(run, prepared.root, value, "false");
}

function evaluate(
  run: Run,
  schema: JsonSchema,
  instance: JsonValue,
  keyword: string,
): Violation | undefined {
  run.budget.spend(1);
  if (schema === true) return undefined;
  if (schema === false) return violationOf(run, keyword);
  if (++run.depth > MAX_DEPTH) throw tooMuch("makes a schema refer to itself too often");
  for (const name of Object.keys(schema)) {
    const violation = KEYWORDS.get(name)?.(schema[name]!, instance, run, schema);
    if (violation) {
      run.depth--;
      return violation;
    }
  }
  run.depth--;
  return undefined;
}
