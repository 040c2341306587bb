const deep = (depth: number): object => (depth === 0 ? {} : { not: deep(depth - 1) });
const operation = { op: "remove", path: "/a" };

/** Values of the keys of `sw` about what a request may say that are accepted, by the key. */
export const RIGHT_POLICIES: Readonly<Record<string, readonly unknown[]>> = {
  models: [["gpt-5-mini"], ["gpt-5*", "o4-mini"], ["*"], ["openai/gpt-4o:free"]],
  max_output_tokens: [1, 800, 2 ** 53 - 1],
  on_excess: ["lower", "refuse"],
  allow: [
    ["tools"],
    ["tools:web_search", "images", "files", "audio", "n", "store", "state", "service_tier", "beta"],
    ["field:messages[].name", "header:x-feature", "mcp:resources"],
  ],
  system: ["You are a helpful assistant.", "\u00fc\n"],
  tools: [["search"], ["read_*", "a-b.c/d"], ["*"]],
  policy: [["support-chat"], ["a", "b.c_d-1"]],
  body: [
    { schema: true },
    { schema: {} },
    { schema: { $defs: { a: { type: "string" } }, $ref: "#/$defs/a", properties: { a: false } } },
    { schema: { items: { $ref: "#" }, minLength: 2, multipleOf: 0.5, enum: [null], const: [] } },
    { schema: deep(20) },
    { patch: [operation] },
    { schema: false, patch: Array.from({ length: 64 }, () => operation) },
    {
      patch: [
        { op: "add", path: "", value: null },
        { op: "replace", path: "/", value: { a: 1 } },
        { op: "test", path: "/a~1b/~0/-/0", value: [], spurious: 1 },
      ],
    },
  ],
  messages: [{ "response.create": true }, { setup: { type: "object" }, a: {} }],
  binary: [true, false],
  session: [{ audio: { output: { voice: "marin" } } }],
};

const OTHER_TYPES = [null, true, 1, "a", {}];
const NO_LISTS = [...OTHER_TYPES, [], [1], [""], [null], ["a", 1]];

/** Values that are refused, by the key. */
export const WRONG_POLICIES: Readonly<Record<string, readonly unknown[]>> = {
  models: [...NO_LISTS, ["a b"], ["**"], ["*a"], ["a*b"], ["a\n"]],
  max_output_tokens: [0, -1, 1.5, "800", null, true, [1], {}, 2 ** 53],
  on_excess: [...OTHER_TYPES, "Lower", "", ["refuse"]],
  allow: [...NO_LISTS, ["Tools"], ["tools:"], [":a"], ["a b"], ["tools: a"], ["_a"], ["a-b"]],
  system: [null, true, 1, {}, [], ["a"], "", " \n"],
  tools: [...NO_LISTS, ["a b"], ["*a"], ["a**"]],
  policy: [...NO_LISTS, ["a b"], ["\u00e9"], ["a".repeat(65)], ["a/b"]],
  messages: [null, true, 1, "a", [], {}, { a: 1 }, { a: { type: "text" } }, { a: null }],
  binary: [null, 1, "true", [], {}],
  session: [null, true, 1, "a", [], {}],
  body: [
    ...[null, true, 1, "a", [], {}, { patch: null }, { schema: null }],
    { schema: {}, other: 1 },
    ...[1, "a", [], { type: "text" }, { type: [] }, { type: ["null", "x"] }, { enum: [] }].map(
      (schema) => ({ schema }),
    ),
    ...[
      { format: "email" },
      { minContains: 1 },
      { $id: "a" },
      { $schema: "https://json-schema.org/draft/2020-12/schema" },
      { description: "a" },
      { toString: {} },
      { properties: { a: { uniqueItems: true } } },
      { $defs: { a: { title: "" } } },
      { allOf: [{ patternProperties: {} }] },
    ].map((schema) => ({ schema })),
    ...[
      { $ref: "#/$defs/a" },
      { $ref: "other.json" },
      { $ref: "https://example.com/schema" },
      { $ref: "#%" },
      { $ref: "#a" },
      { $ref: 1 },
      { const: { a: {} }, $ref: "#/const/a" },
      { properties: { a: true }, $ref: "#/properties" },
      { items: [] },
      { items: 1 },
      { prefixItems: [] },
      { prefixItems: {} },
      { anyOf: [] },
      { oneOf: {} },
      { allOf: [1] },
      { not: null },
      { properties: [] },
      { properties: { a: 1 } },
      { required: "a" },
      { required: [1] },
      { minLength: -1 },
      { maxItems: 1.5 },
      { minProperties: "1" },
      { pattern: 1 },
      { minimum: "1" },
      { multipleOf: 0 },
      { multipleOf: -1 },
    ].map((schema) => ({ schema })),
    ...[{}, [], "a", [1], [null], [{}], [{ op: "remove" }], [{ op: "remove", path: 1 }]].map(
      (patch) => ({ patch }),
    ),
    ...[
      { op: "remove", path: "a" },
      { op: "remove", path: "/~" },
      { op: "remove", path: "/~2" },
      { op: "remove", path: "/__proto__" },
      { op: "add", path: "/a/__proto__/b", value: 1 },
      { op: "add", path: "/a" },
      { op: "test", path: "/a" },
      { op: "move", path: "/a", from: "/b" },
      { op: "copy", path: "/a", from: "/b" },
      { op: "Add", path: "/a", value: 1 },
      { path: "/a", value: 1 },
    ].map((wrong) => ({ patch: [wrong] })),
    { patch: Array.from({ length: 65 }, () => operation) },
  ],
};
