import { describe, expect, test } from "bun:test";
import { forwardedBy, policyGateway, posting, refusedBy } from "./policy_gateway.ts";

const schema = (schema: object) => ({ body: { schema } });
const patch = (...patch: object[]) => ({ body: { patch } });

describe("a body that does not comply with a schema is refused, with the place and the keyword:", () => {
  test.each<[keyword: string, param: string, schema: object, body: unknown]>([
    ["type", "", { type: "object" }, []],
    ["type", "/a", { properties: { a: { type: "integer" } } }, { a: 1.5 }],
    ["required", "/model", { required: ["model"] }, {}],
    [
      "additionalProperties",
      "/b",
      { properties: { a: {} }, additionalProperties: false },
      { b: 1 },
    ],
    ["properties", "/a", { properties: { a: false } }, { a: 1 }],
    ["false", "", false as never, {}],
    [
      "maxLength",
      "/m/1/c",
      { properties: { m: { items: { properties: { c: { maxLength: 3 } } } } } },
      { m: [{}, { c: "abcd" }] },
    ],
    ["enum", "/a~1b", { properties: { "a/b": { enum: [1, "x"] } } }, { "a/b": 2 }],
    ["pattern", "", { pattern: "^a+$" }, "b"],
    ["anyOf", "", { anyOf: [{ type: "string" }, { type: "null" }] }, 1],
    ["minimum", "/0", { prefixItems: [{ minimum: 5 }] }, [4.9]],
    ["maximum", "", { $defs: { a: { maximum: 1 } }, allOf: [{ $ref: "#/$defs/a" }] }, 2],
    [
      "const",
      "/a",
      { if: { required: ["a"] }, then: { properties: { a: { const: 1 } } } },
      { a: 2 },
    ],
  ])("%s at %p", async (keyword, param, rules, body) => {
    for (const [operator, sw, owner] of [
      [{}, schema(rules), "the token"],
      [{ ofRule: schema(rules) }, {}, "a policy"],
    ] as const) {
      const refusal = await refusedBy(policyGateway(operator), posting(sw, JSON.stringify(body)));
      const detail = `The body does not comply with the schema of ${owner} (${keyword}).`;
      expect(refusal).toMatchObject({ status: 403, code: "policy_violation", param, detail });
    }
  });
});

describe("numbers are compared by their values:", () => {
  test.each<[schema: object, body: string]>([
    [{ const: 1 }, "1.0"],
    [{ enum: [100] }, "1e2"],
    [{ type: "integer" }, "1.50e1"],
    [{ multipleOf: 0.1 }, "0.3"],
    [{ multipleOf: 0.01 }, "4.35"],
    [{ multipleOf: 7 }, "7e300"],
    [{ const: { a: [1, 0] } }, '{"a":[1e0,-0]}'],
  ])("%j takes %s", async (rules, body) => {
    expect((await forwardedBy(policyGateway(), posting(schema(rules), body))).body).toBe(body);
  });

  test.each<[schema: object, body: string]>([
    [{ type: "integer" }, "1.5"],
    [{ multipleOf: 0.1 }, "0.35"],
    [{ multipleOf: 3 }, "1e300"],
    [{ multipleOf: 0.5 }, "1e-300"],
    [{ multipleOf: 1 }, `1.5${"0".repeat(500)}`],
    [{ const: 1 }, '"1"'],
  ])("%j refuses %s", async (rules, body) => {
    const { code } = await refusedBy(policyGateway(), posting(schema(rules), body));
    expect(code).toBe("policy_violation");
  });
});

test.each<[schema: object, body: string]>([
  [{ type: "integer", minimum: 1 }, "0.99999999999999999999"],
  [{ const: 10 }, "10.0000000000000000001"],
  [{ maximum: 1 }, "1.0000000000000000000001"],
  [{ minimum: 0 }, "-1e-400"],
  [{ type: "integer" }, "9007199254740993.0"],
])("a number that others read differently is no JSON for %j: %s", async (rules, body) => {
  const { code } = await refusedBy(policyGateway(), posting(schema(rules), body));
  expect(code).toBe("body_malformed");
});

describe("patterns have the syntax of RE2, not that of JavaScript:", () => {
  test.each<[pattern: string, text: string, isTaken: boolean]>([
    ["^\\s$", " ", true],
    ["^\\s$", "\f", true],
    ["^\\s$", "\v", false],
    ["^\\s$", "\u00a0", false],
    ["^.$", "\r", true],
    ["^.$", "\u2028", true],
    ["^.$", "\n", false],
  ])("%j and %j: %p", async (pattern, text, isTaken) => {
    const gateway = policyGateway();
    const { status } = await gateway.send(posting(schema({ pattern }), JSON.stringify(text)));
    expect(status).toBe(isTaken ? 200 : 403);
  });
});

describe("a patch that fails is refused, with its path:", () => {
  test.each<[param: string, operation: object, body: string]>([
    ["/a", { op: "test", path: "/a", value: 1 }, '{"a":2}'],
    ["/a", { op: "test", path: "/a", value: null }, "{}"],
    ["/a/b", { op: "add", path: "/a/b", value: 1 }, "{}"],
    ["/a/b", { op: "add", path: "/a/b", value: 1 }, '{"a":"text"}'],
    ["/a/5", { op: "add", path: "/a/5", value: 1 }, '{"a":[]}'],
    ["/a/01", { op: "add", path: "/a/01", value: 1 }, '{"a":[1,2]}'],
    ["/a/length", { op: "replace", path: "/a/length", value: 0 }, '{"a":[1]}'],
    ["/a", { op: "replace", path: "/a", value: 1 }, "{}"],
    ["/toString", { op: "replace", path: "/toString", value: 1 }, "{}"],
    ["/constructor/name", { op: "add", path: "/constructor/name", value: 1 }, "{}"],
    ["", { op: "remove", path: "" }, "{}"],
  ])("%p", async (param, operation, body) => {
    const refusal = await refusedBy(policyGateway(), posting(patch(operation), body));
    expect(refusal).toMatchObject({ status: 403, code: "policy_violation", param });
  });

  test.each<[operation: object, body: string, expected: string]>([
    [{ op: "remove", path: "/a" }, "{}", "{}"],
    [{ op: "remove", path: "/a/b/c" }, '{"a":1}', '{"a":1}'],
    [{ op: "remove", path: "/a/length" }, '{"a":[1]}', '{"a":[1]}'],
    [{ op: "test", path: "/a", value: 1 }, '{"a":1.0}', '{"a":1.0}'],
    [{ op: "add", path: "/constructor", value: {} }, "{}", '{"constructor":{}}'],
    [{ op: "add", path: "", value: [1] }, "{}", "[1]"],
  ])("%j does not fail for %s", async (operation, body, expected) => {
    expect((await forwardedBy(policyGateway(), posting(patch(operation), body))).body).toBe(
      expected,
    );
  });

  test("a later operation changes no policy", async () => {
    const ofRule = patch(
      { op: "add", path: "/list", value: [{ n: 1 }] },
      { op: "add", path: "/list/0/n", value: 2 },
      { op: "add", path: "/list/-", value: {} },
    );
    const gateway = policyGateway({ ofRule });
    for (let i = 0; i < 2; i++) {
      await gateway.send(posting({}, "{}"));
      const body = await new Response(gateway.fetched[i]!.request.body).text();
      expect(body).toBe('{"list":[{"n":2},{}]}');
    }
  });
});

describe("a name that a parser may take for one of a policy is refused:", () => {
  const store = { op: "add", path: "/a/store", value: false };
  test.each<[what: string, sw: object, body: string, param: string]>([
    ["add", patch(store), '{"a":{"Store":true}}', "/a/Store"],
    ["remove", patch({ op: "remove", path: "/tools" }), '{"TOOLS":[]}', "/TOOLS"],
    ["test", patch({ op: "test", path: "/k", value: 1 }), '{"\u212a":1}', "/\u212a"],
    ["on the way", patch(store), '{"A":{}}', "/A"],
    [
      "properties",
      schema({ properties: { max_tokens: { maximum: 8 } } }),
      '{"Max_Tokens":9}',
      "/Max_Tokens",
    ],
    ["under not", schema({ not: { properties: { a: { const: 1 } } } }), '{"A":2}', "/A"],
    ["required", schema({ required: ["a", "model"] }), '{"a":1,"Model":2}', "/Model"],
    [
      "required under not",
      schema({ not: { required: ["store"] } }),
      '{"\u017ftore":1}',
      "/\u017ftore",
    ],
    ["required in if", schema({ if: { required: ["a"] }, then: false }), '{"A":2}', "/A"],
    ["in anyOf", schema({ anyOf: [{ properties: { a: {} } }, true] }), '{"A":2}', "/A"],
  ])("%s", async (_, sw, body, param) => {
    const refusal = await refusedBy(policyGateway(), posting(sw, body));
    expect(refusal).toMatchObject({ status: 403, code: "policy_violation", param });
    expect(refusal.detail).toContain("another case");
  });
});
