import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { Budget } from "../../../../lib/gateway/policy/budget.ts";
import { evaluateSchema } from "../../../../lib/gateway/policy/schema/evaluate.ts";
import { prepareSchema } from "../../../../lib/gateway/policy/schema/prepare.ts";
import {
  isJsonObject,
  JsonError,
  type JsonSchema,
  JsonSchemaError,
  type JsonValue,
  parseStrictJson,
} from "../../../../lib/signing/verify.ts";
import { ROOT } from "../../../support/root.ts";
import { jsonValue } from "./plain_json.ts";

// The official suite of JSON Schema 2020-12: every case whose schema uses only the keywords of policies.

const FOLDER = `${ROOT}/tests/vectors/json_schema_2020_12`;
const DIALECT = "https://json-schema.org/draft/2020-12/schema";

interface Group {
  description: string;
  schema: JsonValue;
  tests: { description: string; data: JsonValue; valid: boolean }[];
}

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

async function readGroups(name: string): Promise<Group[]> {
  const text = await Bun.file(`${FOLDER}/${name}`).text();
  return parse(text) as unknown as Group[];
}

/** As strict JSON, so that `1.0` stays `1.0`; some files have names and numbers that it refuses. */
function parse(text: string): JsonValue {
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (error instanceof JsonError) return jsonValue(JSON.parse(text));
    throw error;
  }
}

/** The schema without `$schema`, which names its dialect; `undefined` when it uses another keyword. */
function supported(schema: JsonValue): ReturnType<typeof prepareSchema> | undefined {
  const copy = isJsonObject(schema) ? jsonObject(schema) : schema;
  if (isJsonObject(copy) && copy["$schema"] === DIALECT) delete copy["$schema"];
  try {
    return prepareSchema(copy as JsonSchema);
  } catch (error) {
    if (error instanceof JsonSchemaError) return undefined;
    throw error;
  }
}

const jsonObject = (object: object) => Object.assign(Object.create(null), object) as JsonValue;

const groups = await Promise.all(
  FILES.map(async (file) => ({ file, groups: await readGroups(file) })),
);
const cases = groups.flatMap(({ file, groups }) =>
  groups.flatMap(({ description, schema, tests }) => {
    const prepared = supported(schema);
    if (!prepared) return [];
    return tests.map((it) => ({
      ...it,
      name: `${file}: ${description}: ${it.description}`,
      prepared,
    }));
  }),
);

describe("the suite's cases that use no other keywords", () => {
  // Counted from the suite's own files with a list of the keywords, in another language.
  test("are 561", () => expect(cases).toHaveLength(561));

  test.each(cases)("$name", ({ prepared, data, valid }) => {
    const violation = evaluateSchema(prepared, data, new Budget());
    expect(violation === undefined).toBe(valid);
  });
});
