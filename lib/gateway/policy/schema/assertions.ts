import { isJsonObject, type JsonValue } from "../../../signing/verify.ts";
import { isJsonEqual, isNumber } from "../json_equal.ts";
import { isMultiple, isWhole } from "./decimal.ts";
import { type Keyword, type Run, violationOf } from "./run.ts";

// What costs much less than an evaluation counts as this part of one.
const STEP = 1 / 64;
const CHARACTER = 1 / 1024;
// A character at an instruction of a pattern.
const MATCH = 1 / 500;

/** The keywords without subschemas. */
export const ASSERTIONS: Readonly<Record<string, Keyword>> = {
  type: assertion("type", (types, instance) =>
    Array.isArray(types) ? types.some((type) => hasType(instance, type)) : hasType(instance, types),
  ),
  enum: assertion("enum", (values, instance, run) =>
    (values as JsonValue[]).some((value) => isEqual(value, instance, run)),
  ),
  const: assertion("const", isEqual),
  required: evaluateRequired,
  minProperties: forObjects("minProperties", (count, least) => count >= least),
  maxProperties: forObjects("maxProperties", (count, most) => count <= most),
  minItems: forLists("minItems", (count, least) => count >= least),
  maxItems: forLists("maxItems", (count, most) => count <= most),
  minLength: forTexts("minLength", (text, least, run) => !isShorter(text, least, run)),
  maxLength: forTexts("maxLength", (text, most, run) => isShorter(text, most + 1, run)),
  pattern: assertion("pattern", matchesPattern),
  minimum: forNumbers("minimum", (number, least) => number >= least),
  maximum: forNumbers("maximum", (number, most) => number <= most),
  exclusiveMinimum: forNumbers("exclusiveMinimum", (number, limit) => number > limit),
  exclusiveMaximum: forNumbers("exclusiveMaximum", (number, limit) => number < limit),
  multipleOf: assertion(
    "multipleOf",
    (divisor, instance) =>
      !isNumber(instance) || !isNumber(divisor) || isMultiple(instance, divisor),
  ),
};

type Check = (value: JsonValue, instance: JsonValue, run: Run) => boolean;

function assertion(keyword: string, check: Check): Keyword {
  return (value, instance, run) =>
    check(value, instance, run) ? undefined : violationOf(run, keyword);
}

function forObjects(keyword: string, check: (count: number, limit: number) => boolean): Keyword {
  return assertion(keyword, (limit, instance, run) => {
    if (!isJsonObject(instance)) return true;
    const { length } = Object.keys(instance);
    run.budget.spend(length * STEP);
    return check(length, Number(limit));
  });
}

function forLists(keyword: string, check: (count: number, limit: number) => boolean): Keyword {
  return assertion(
    keyword,
    (limit, instance) => !Array.isArray(instance) || check(instance.length, Number(limit)),
  );
}

function forTexts(
  keyword: string,
  check: (text: string, limit: number, run: Run) => boolean,
): Keyword {
  return assertion(
    keyword,
    (limit, instance, run) => typeof instance !== "string" || check(instance, Number(limit), run),
  );
}

/** Comparisons are of doubles: that is what every parser makes of a number. */
function forNumbers(keyword: string, check: (number: number, limit: number) => boolean): Keyword {
  return assertion(
    keyword,
    (limit, instance) => !isNumber(instance) || check(Number(instance), Number(limit)),
  );
}

function hasType(instance: JsonValue, type: JsonValue): boolean {
  switch (type) {
    case "null":
      return instance === null;
    case "array":
      return Array.isArray(instance);
    case "object":
      return isJsonObject(instance);
    case "number":
      return isNumber(instance);
    case "integer":
      return isNumber(instance) && isWhole(instance);
    default:
      return typeof instance === type;
  }
}

function isEqual(value: JsonValue, instance: JsonValue, { budget }: Run): boolean {
  budget.spend(STEP);
  return isJsonEqual(value, instance, () => budget.spend(STEP));
}

function evaluateRequired(value: JsonValue, instance: JsonValue, run: Run) {
  if (!isJsonObject(instance)) return undefined;
  const names = value as string[];
  run.budget.spend(names.length * STEP);
  const missing = names.find((name) => !Object.hasOwn(instance, name));
  if (missing === undefined) return undefined;
  run.prepared.knownNames.get(value)!.assertNoVariant(instance, run.path, run.budget);
  return { path: [...run.path, missing], keyword: "required" };
}

/** Whether a text has fewer code points than a limit (RFC 8259 calls them characters). */
function isShorter(text: string, limit: number, { budget }: Run): boolean {
  if (text.length < limit) return true;
  // A code point has one or two units.
  if (text.length >= 2 * limit) return false;
  budget.spend(text.length * CHARACTER);
  let pairs = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) pairs++;
  return text.length - pairs < limit;
}

function matchesPattern(pattern: JsonValue, instance: JsonValue, run: Run): boolean {
  if (typeof instance !== "string") return true;
  const { test, size } = run.prepared.patterns.get(pattern as string)!;
  run.budget.spend(instance.length * size * MATCH);
  return test(instance);
}
