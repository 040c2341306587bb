import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { KEY, gatewayUnderTest, signed } from "../in_process_gateway.ts";
import { rule, tryTarget } from "./grants.ts";

const ANY: UpstreamRule = { headers: [["Authorization", "any"]] };

const RULES = [
  rule("https://api.example.com/", "root"),
  rule("https://api.example.com/v1/admin/", "admin"),
  rule("https://api.example.com/v1/", "v1"),
  rule("https://api.example.com:8443/v1/", "other port"),
  rule("http://api.example.com/v1/", "plain"),
  rule("https://other.example.com/", "other"),
];

describe("the longest rule that matches gives its headers, and no other does", () => {
  const table = [
    ["https://api.example.com/x", "root"],
    ["https://api.example.com/v1", "root"],
    ["https://api.example.com/v1/", "v1"],
    ["https://api.example.com/v1/x", "v1"],
    ["https://api.example.com/v1/administrators", "v1"],
    ["https://api.example.com/v1/admin", "v1"],
    ["https://api.example.com/v1/admin/", "admin"],
    ["https://api.example.com/v1/admin/x?q=/v1/", "admin"],
    ["https://api.example.com/v1/admin/../x", "v1"],
    ["https://api.example.com:8443/v1/x", "other port"],
    ["http://api.example.com/v1/x", "plain"],
    ["https://other.example.com/v1/admin/", "other"],
    ["https://unnamed.example.com/v1/", "any"],
    ["https://api.example.com:9443/v1/x", "any"],
    ["http://api.example.com/", "any"],
  ] as const;
  const orders = { "as listed": [ANY, ...RULES], reversed: [...RULES.toReversed(), ANY] };
  describe.each(Object.entries(orders))("%s", (_, rules) => {
    test.each(table)("%s: %s", async (target, value) => {
      const { upstream } = await tryTarget(target, rules);
      expect(upstream?.rule.headers).toEqual([["Authorization", value]]);
    });
  });
});

describe("a path that some servers read as one of a longer rule is refused", () => {
  const admin = "https://api.example.com/v1/admin";
  test.each([
    "https://api.example.com/v1/%61dmin/x",
    "https://api.example.com/v1/%2561dmin/x",
    "https://api.example.com/v1/%u0061dmin/x",
    "https://api.example.com/v1/%EF%BD%81%EF%BD%84min/x",
    "https://api.example.com/v1//admin/x",
    "https://api.example.com//v1/admin/x",
    "https://api.example.com/v1%2fadmin/x",
    "https://api.example.com/v1/%5cadmin/x",
    `${admin}%2fx`,
    `${admin};a=b/x`,
    `${admin}%3b/x`,
    "https://api.example.com/a/..%2fv1/admin/x",
    "https://api.example.com/%25252525252561/x",
    "https://api.example.com/v1/admin./x",
    "https://api.example.com/v1/admin.../x",
    "https://api.example.com/v1./admin/?page=1",
    "https://api.example.com/v1/admin%20/x",
    "https://api.example.com/v1/admin%20%2e%20/x",
    "https://api.example.com/v1%2e/admin/x",
    "https://api.example.com/v1/.../admin/x",
  ])("%s", async (target) => {
    expect((await tryTarget(target, RULES)).code).toBe("target_not_allowed");
  });

  test.each([
    ["composed", "caf%C3%A9", "cafe%CC%81"],
    ["decomposed", "cafe%CC%81", "caf%C3%A9"],
    ["of full width", "%EF%BE%8A%EF%BE%9F", "%E3%83%91"],
  ])("the rule's name is %s", async (_, named, asked) => {
    const rules = [...RULES, rule(`https://api.example.com/${named}/`, "named")];
    const attempt = await tryTarget(`https://api.example.com/${asked}/x`, rules);
    expect(attempt.code).toBe("target_not_allowed");
    const { upstream } = await tryTarget(`https://api.example.com/${named}/x`, rules);
    expect(upstream?.rule.headers).toEqual([["Authorization", "named"]]);
  });

  test("a rule without a URL does not take it either", async () => {
    const rules = [ANY, rule("https://api.example.com/v1/admin/", "admin")];
    const attempt = await tryTarget("https://api.example.com/v1/%61dmin/x", rules);
    expect(attempt).toEqual({ code: "target_not_allowed", resolved: [] });
  });
});

describe("a path is not ambiguous", () => {
  test.each([
    ["that all servers read as one of the same rule", "/v1/x%20y;z//w", "v1"],
    ["that is already under the longest rule", "/v1/admin/%61//x", "admin"],
    ["beside the longer rule", "/v1/%61dministrators/x", "v1"],
  ])("%s", async (_, path, value) => {
    const { upstream } = await tryTarget(`https://api.example.com${path}`, RULES);
    expect(upstream?.rule.headers).toEqual([["Authorization", value]]);
  });

  test("because of a rule for other methods", async () => {
    const admin = { ...rule("https://api.example.com/v1/admin/", "admin"), methods: ["POST"] };
    const rules = [rule("https://api.example.com/v1/", "v1"), admin];
    const target = "https://api.example.com/v1/%61dmin/x";
    expect((await tryTarget(target, rules)).upstream?.rule.headers).toEqual([
      ["Authorization", "v1"],
    ]);
    expect((await tryTarget(target, rules, undefined, "POST")).code).toBe("target_not_allowed");
  });

  test("because of a rule for another origin", async () => {
    const rules = [
      rule("https://api.example.com/v1/", "v1"),
      rule("https://other.example.com/v1/admin/", "other"),
    ];
    const { upstream } = await tryTarget("https://api.example.com/v1/%61dmin/x", rules);
    expect(upstream?.rule.headers).toEqual([["Authorization", "v1"]]);
  });
});

describe("a rule for some methods is none for the others", () => {
  const readOnly = { ...rule("https://api.example.com/v1/", "read"), methods: ["GET", "HEAD"] };
  test.each([
    ["GET", "read", undefined],
    ["HEAD", "read", undefined],
    ["POST", "any", "target_not_allowed"],
    ["DELETE", "any", "target_not_allowed"],
  ])("%s", async (method, value, code) => {
    const target = "https://api.example.com/v1/x";
    const { upstream } = await tryTarget(target, [readOnly, ANY], undefined, method);
    expect(upstream?.rule.headers).toEqual([["Authorization", value]]);
    expect((await tryTarget(target, [readOnly], undefined, method)).code).toBe(code);
  });
});

test("the first of two rules for the same URL wins", async () => {
  const rules = [
    rule("https://api.example.com/", "first"),
    rule("https://api.example.com/", "second"),
  ];
  const { upstream } = await tryTarget("https://api.example.com/x", rules);
  expect(upstream?.rule.headers).toEqual([["Authorization", "first"]]);
});

describe("a secret header goes to its own rule's targets and nowhere else", () => {
  const upstreams = [
    { url: new URL("https://api.example.com/v1/"), headers: [KEY] },
    { url: new URL("https://api.example.com/v2/"), headers: [] },
    { headers: [] },
  ];
  test.each([
    ["https://api.example.com/v1/x", "Bearer injected"],
    ["https://api.example.com/v2/x", null],
    ["https://api.example.com/v1x/", null],
    ["https://api.example.com:8443/v1/x", null],
    ["http://api.example.com/v1/x", null],
    ["https://api.example.org/v1/x", null],
    ["https://api.example.com/v1/../v2/x", null],
    ["https://api.example.com/v2/../v1/x", "Bearer injected"],
  ])("%s", async (target, value) => {
    const gateway = gatewayUnderTest({ upstreams });
    await gateway.send(signed({ target }));
    expect(gateway.fetched).toHaveLength(1);
    expect(gateway.fetched[0]?.request.headers.get("authorization")).toBe(value);
  });
});

describe("the reason names what differs from the rule that is most like the target", () => {
  const named = [...RULES, { ...rule("https://one.example.com/"), methods: ["GET"] }];
  test.each([
    ["host", "https://unnamed.example.com/v1/", named],
    ["host", "http://unnamed.example.com:1/v1/", named],
    ["scheme", "http://other.example.com/v1/", named],
    ["scheme", "http://other.example.com:444/v1/", named],
    ["port", "https://other.example.com:8443/v1/", named],
    ["path", "http://api.example.com/v2/", named],
    ["method", "https://one.example.com/v2/", named],
    ["method", "https://unnamed.example.com/", [{ ...ANY, methods: ["PUT"] }]],
    [undefined, "https://unnamed.example.com/", []],
  ])("%s: %s", async (part, target, upstreams) => {
    const gateway = gatewayUnderTest({ upstreams });
    await gateway.send(signed({ target, method: "POST" }));
    expect(gateway.records[0]?.reason).toBe(
      `no upstream rule matches${part ? `: different ${part}` : ""}`,
    );
  });
});
