import { describe, expect, test } from "bun:test";
import { signed } from "../in_process_gateway.ts";
import { bearing, grants, NOW, PATH } from "../tokens/token_gateway.ts";
import { policyGateway, refusedBy } from "./policy_gateway.ts";

const SCHEMA = {
  properties: { model: { const: "cheap" }, options: { type: "object" }, $filter: true, "": true },
  allOf: [{ required: ["Größe"] }, { $ref: "#/$defs/more" }],
  if: { properties: { kind: true } },
  $defs: { more: { anyOf: [{ properties: { inner_name: true } }, { $ref: "#/$defs/more" }] } },
};
const PATCH = [
  { op: "add", path: "/from", value: "shop@example.com" },
  { op: "add", path: "/list/-", value: 1 },
  { op: "add", path: "/max_tokens", value: 1 },
];
const BODY = { model: "cheap", options: {}, Größe: 1, list: [] };
const RULES = { body: { patch: PATCH, schema: SCHEMA } };

const posting = (query: string, sw: object = RULES) =>
  bearing(grants(sw), `${PATH}?${query}`, {
    method: "POST",
    body: JSON.stringify(BODY),
    headers: { "content-type": "application/json" },
  });

describe("a parameter of the query that a body policy knows is refused:", () => {
  test.each([
    ...["model=dear", "a=1&model=dear", "a=1;model=dear", "model", "MODEL=dear", "%6dodel=dear"],
    ...["%256dodel=dear", "model[]=dear", "model[a][b]=dear", "+model=dear", "?model=dear"],
    ...["$model=dear", "model%00x=dear", "options.size=9", "options%2Esize=9", "options[size]=9"],
    ...["Gr%C3%B6%C3%9Fe=1", "gr%C3%B6sse=1", "kind=1", "inner_name=1", "inner.name=1", "from=a"],
    ...["list=2", "list[0]=2", "max_tokens=9", "max[tokens=9", "max%5Btokens=9", "max.tokens=9"],
    ...["$filter=a", "%24filter=a", "filter=a"],
  ])("%s", async (query) => {
    for (const [operator, sw] of [
      [{}, RULES],
      [{ ofRule: RULES }, {}],
    ] as const) {
      const refusal = await refusedBy(policyGateway(operator), posting(query, sw));
      expect(refusal).toMatchObject({ status: 403, code: "policy_violation" });
      expect(refusal.param).toStartWith("?");
      expect(refusal.detail).toContain("member of the body");
    }
  });

  test("with its name, and with no name that may be anything", async () => {
    const { param } = await refusedBy(policyGateway(), posting("a=1&%6dodel=dear"));
    expect(param).toBe("?model");
    expect(await refusedBy(policyGateway(), posting("model%00%3Cb%3E=1"))).toMatchObject({
      param: "?",
    });
  });
});

test.each([
  "",
  ...["api-version=1", "a=1&", "a=1&&b=2", "[]=1"],
  "models=dear",
  "mode=dear",
  "size=9",
  "x.model=1",
  "amodel=1",
  "-=1",
])("another parameter is not: %s", async (query) => {
  const gateway = policyGateway();
  expect((await gateway.send(posting(query))).status).toBe(200);
  expect(gateway.fetched).toHaveLength(1);
});

test("a parameter of a signed URL was chosen by who signed it", async () => {
  const gateway = policyGateway({ ofRule: RULES });
  const request = signed({
    target: "https://api.example.com/v1/items?model=dear",
    method: "POST",
    body: JSON.stringify(BODY),
    headers: { "content-type": "application/json" },
    sign: { now: new Date(NOW * 1000) },
  });
  expect((await gateway.send(request)).status).toBe(200);
});

test("a policy with a patch alone, or with a schema of nothing, knows no other names", async () => {
  for (const [body, expected] of [
    [{ patch: PATCH }, 200],
    [{ schema: true }, 200],
    [{ patch: [{ op: "test", path: "/model", value: "cheap" }] }, 403],
    [{ patch: [{ op: "add", path: "", value: { model: "cheap" } }] }, 403],
    [{ schema: { const: { ...BODY } } }, 403],
    [{ schema: { enum: [1, { ...BODY }] } }, 403],
  ] as const) {
    expect((await policyGateway().send(posting("model=dear", { body }))).status).toBe(expected);
  }
});
