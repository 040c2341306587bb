import { describe, expect, test } from "bun:test";
import { APP, mistakesOfFile, ROUTE, SIGNED_ROUTE } from "./configured.ts";
import { PEM } from "./pem_of_settings.ts";
import { schemaKeys, type SchemaNode } from "./schema_keys.ts";

const FILES = { pem: PEM.cert + PEM.key };
const AWS = { region: "r", service: "s", access_key_id: "a", secret_access_key: "b" };
const OAUTH = {
  ...{ token_url: "https://a.example/", grant: "client_credentials" },
  ...{ client_id: "a", client_secret: "b" },
};
/** A valid configuration, whose rules have this credential: two of them would contradict each other. */
const validWith = (credential: object) => ({
  tls_cert: "pem",
  tls_key: "pem",
  cors: {},
  app: [
    {
      ...APP,
      cors: {},
      tokens: {},
      receipts: { url: "https://a.example/", secret: `whsec_${"A".repeat(32)}` },
      limits: { subject: {} },
      upstream: [{ ...APP.upstream[0], limits: {}, ...credential }],
    },
  ],
  route: [{ ...SIGNED_ROUTE, cors: {}, ...credential }],
  policy: [{ name: "a" }],
});

const VALUES = {
  string: "a canary of a text",
  number: 7,
  boolean: true,
  array: ["a canary in a list"],
  table: { canary: "in a table" },
  null: null,
};

const accepted = ({ type, anyOf, const: constant }: SchemaNode): (keyof typeof VALUES)[] => {
  if (anyOf) return anyOf.flatMap(accepted);
  if (type === "integer") return ["number"];
  if (type === "object") return ["table"];
  // Of the texts that are known by heart, none is among the values.
  return constant === undefined ? [type as keyof typeof VALUES] : [];
};

/** A valid configuration but for the value at one place, in the first item of each list. */
function valid(place: string[], value: unknown, node: unknown): unknown {
  const [step, ...rest] = place;
  if (step === undefined) return value;
  if (step === "0") return [valid(rest, value, (node as unknown[] | undefined)?.[0])];
  const table = (node ?? {}) as Record<string, unknown>;
  return { ...table, [step]: valid(rest, value, table[step]) };
}

const cases = schemaKeys().flatMap(({ name, node }) =>
  Object.entries(VALUES)
    .filter(([type]) => !accepted(node).includes(type as keyof typeof VALUES))
    .map(([type, value]) => [name.replaceAll("[]", "[0]"), type, value] as const),
);

describe("a value of the wrong type is reported at its place and never shown:", () => {
  test.each(cases)("%s = a %s", (place, _, value) => {
    const steps = place.replaceAll("[0]", ".0").split(".");
    const base = validWith(steps.includes("oauth") ? { oauth: OAUTH } : { aws: AWS });
    const mistakes = mistakesOfFile(valid(steps, value, base) as object, { files: FILES });
    expect(mistakes.map((line) => line.split(" ")[0])).toEqual([place]);
    expect(mistakes.join("\n")).not.toContain("canary");
  });

  test.each([
    ["app[0]", { app: [null] }],
    ["app[0]", { app: ["canary"] }],
    ["app[0].upstream[0]", { app: [{ ...APP, upstream: [null] }] }],
    ["route[0]", { route: [null] }],
    ["app[0].secrets[0]", { app: [{ ...APP, secrets: [7] }] }],
    ["app[0].upstream[0].headers.X", { app: [{ ...APP, upstream: [{ headers: { X: 7 } }] }] }],
    ["cors.allow_origins[0]", { cors: { allow_origins: [7] }, app: [APP] }],
  ])("%s, an item of a list or table", (place, shape) => {
    expect(mistakesOfFile(shape).map((line) => line.split(" ")[0])).toEqual([place]);
  });

  test("what the cases start from is valid", () => {
    expect(mistakesOfFile(validWith({ aws: AWS }), { files: FILES })).toEqual([]);
    expect(mistakesOfFile({ route: [ROUTE] })).toEqual([]);
  });
});

test.each<[string, object]>([
  ["app[0].id", { app: [{ ...APP, id: 123 }] }],
  ["app[0].secrets[0]", { app: [{ ...APP, secrets: [true] }] }],
  ["audience", { app: [APP], audience: 1.5 }],
  ["app[0].upstream[0].url", { app: [{ ...APP, upstream: [{ url: false }] }] }],
])("a number or a boolean in place of a text is to be quoted: %s", (place, shape) => {
  expect(mistakesOfFile(shape)).toEqual([`${place} must be a text: put it in quotes`]);
});

test.each<[string, object, string]>([
  ["max_expires", { max_expires: 0 }, "at least 1"],
  ["app[0].max_expires", { app: [{ ...APP, max_expires: 0 }] }, "at least 1"],
  ["workers", { workers: 1025 }, "at most 1024"],
  ["app[0].limits.cost", { app: [{ ...APP, limits: { cost: -1 } }] }, "more than 0"],
  ["app[0].limits.cost", { app: [{ ...APP, limits: { cost: 0 } }] }, "more than 0"],
  ["policy[0].cost", { policy: [{ name: "a", cost: -1 }] }, "more than 0"],
  ["policy[0].cost", { policy: [{ name: "a", cost: 0 }] }, "more than 0"],
])("a number out of its range is told so: %s of %j", (place, shape, range) => {
  expect(mistakesOfFile({ app: [APP], ...shape })).toEqual([`${place} must be ${range}`]);
});

test("a list and a table are called what the documentation calls them", () => {
  expect(mistakesOfFile({ app: [{ ...APP, secrets: "a canary" }] })).toEqual([
    "app[0].secrets must be a list",
  ]);
  expect(mistakesOfFile({ app: [APP], cors: "a canary" })).toEqual(["cors must be a table"]);
});
