import type { JsonObject, JsonPath, JsonSchema, JsonValue } from "../../../signing/verify.ts";
import type { Budget } from "../budget.ts";
import type { PreparedSchema } from "./prepare.ts";

/** Where a value does not comply with a schema. */
export interface Violation {
  /** The names and indices that lead to the value. */
  path: JsonPath;
  /** The keyword of the schema. */
  keyword: string;
}

/** One evaluation of a prepared schema. */
export interface Run {
  readonly prepared: PreparedSchema;
  readonly budget: Budget;
  /** The path to the current value. */
  readonly path: (string | number)[];
  /** How many evaluations contain the current one. */
  depth: number;
  /** Evaluates a subschema at the current value, for a keyword. */
  readonly evaluate: (
    schema: JsonSchema,
    value: JsonValue,
    keyword: string,
  ) => Violation | undefined;
}

/**
 * Evaluates a keyword.
 *
 * @param value of the keyword
 * @param instance the current value of the body
 * @param run the evaluation
 * @param schema the one that has the keyword
 */
export type Keyword = (
  value: JsonValue,
  instance: JsonValue,
  run: Run,
  schema: JsonObject,
) => Violation | undefined;

/** The violation of a keyword by the current value. */
export function violationOf({ path }: Run, keyword: string): Violation {
  return { path: [...path], keyword };
}

/**
 * Evaluates a subschema at a member or an item of the current value.
 *
 * @param run the evaluation
 * @param step the name or the index
 * @param evaluation evaluates it there
 */
export function evaluateAt(
  run: Run,
  step: string | number,
  evaluation: () => Violation | undefined,
): Violation | undefined {
  run.path.push(step);
  const violation = evaluation();
  run.path.pop();
  return violation;
}
