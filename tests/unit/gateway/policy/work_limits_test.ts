import { describe, expect, test } from "bun:test";
import { forwardedBy, policyGateway, posting, refusedBy } from "./policy_gateway.ts";

const schema = (schema: object) => ({ body: { schema } });
const removing = (times: number, name: string) => ({
  body: { patch: Array.from({ length: times }, () => ({ op: "remove", path: `/${name}` })) },
});

const LONG = "x".repeat(300);

/** An object whose names have so many letters beyond ASCII, and five digits. */
const namesOf = (count: number, letters: number) =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`${"\u00df".repeat(letters)}${10_000 + i}`, 1]),
    ),
  );

describe("the work of schemas and patches is limited:", () => {
  const list = (count: number) => JSON.stringify(Array.from({ length: count }, () => 1));
  const items = schema({ items: { type: "integer" } });
  test("99,000 evaluations are done, and 100,000 are too many", async () => {
    const done = await forwardedBy(policyGateway(), posting(items, list(99_000)));
    expect(done.body).toBe(list(99_000));
    const sw = schema({ items: { allOf: [true] } });
    const { code } = await refusedBy(policyGateway(), posting(sw, list(60_000)));
    expect(code).toBe("policy_violation");
  });

  test("all layers share it", async () => {
    const operator = { ofApp: items, ofRule: items };
    expect((await refusedBy(policyGateway(operator), posting({}, list(60_000)))).code).toBe(
      "policy_violation",
    );
  });

  test.each<[what: string, sw: object, body: string]>([
    ["a schema that refers to itself", schema({ $ref: "#" }), "1"],
    ["one that doubles", schema({ $defs: doubling(30), $ref: "#/$defs/a30" }), "1"],
    [
      "a long enum",
      schema({ items: { enum: Array.from({ length: 290 }, (_, i) => i) } }),
      `[${"-1,".repeat(20_000)}-1]`,
    ],
    [
      "a large pattern and a long text",
      schema({ pattern: "(a|b)*a(a|b){900}c" }),
      JSON.stringify("ab".repeat(50_000)),
    ],
    [
      "a long text that is counted again and again",
      schema({ $defs: doubling(12, { minLength: 600_000 }), $ref: "#/$defs/a12" }),
      JSON.stringify("x".repeat(700_000)),
    ],
    [
      "many names that a schema folds",
      schema({ allOf: Array.from({ length: 20 }, () => ({ properties: { abcdefg: {} } })) }),
      namesOf(20_000, 2),
    ],
    [
      "long names that a schema folds",
      schema({ $defs: doubling(4, { properties: { [LONG]: {} } }), $ref: "#/$defs/a4" }),
      namesOf(1_500, LONG.length - 5),
    ],
    ["many names that a patch folds", removing(64, "abcdefg"), namesOf(20_000, 2)],
    ["long names that a patch folds", removing(12, LONG), namesOf(1_500, LONG.length - 5)],
  ])("%s", async (_, sw, body) => {
    // Without the limit, each of them would take minutes.
    const { status, code } = await refusedBy(policyGateway(), posting(sw, body));
    expect({ status, code }).toEqual({ status: 403, code: "policy_violation" });
  });

  test("names of another length than those of a policy cost next to nothing", async () => {
    const body = JSON.stringify({ [`${"\u00df\u017fA".repeat(100_000)}`]: 1 });
    const sw = removing(64, "store");
    expect((await forwardedBy(policyGateway(), posting(sw, body))).body).toBe(body);
  });

  test("patterns that no linear engine matches, and larger ones, refuse the token", async () => {
    for (const pattern of ["(?=a)", "(a)\\1", "a{1001}", "(a{1000}){1000}", "["]) {
      const refusal = await refusedBy(policyGateway(), posting(schema({ pattern }), '"a"'));
      expect(refusal).toMatchObject({ status: 401, code: "token_malformed" });
    }
    const patterns = Array.from({ length: 12 }, (_, i) => ({ pattern: `a{1000}${i}` }));
    const sw = schema({ allOf: patterns });
    expect((await refusedBy(policyGateway(), posting(sw, '"a"'))).code).toBe("token_malformed");
  });
});

function doubling(levels: number, leaf: object = {}): object {
  const names = Array.from({ length: levels + 1 }, (_, i) => i);
  return Object.fromEntries(
    names.map((i) => {
      const below = { $ref: `#/$defs/a${i - 1}` };
      return [`a${i}`, i === 0 ? leaf : { allOf: [below, below] }];
    }),
  );
}
