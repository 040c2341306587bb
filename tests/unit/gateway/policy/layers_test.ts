import { describe, expect, test } from "bun:test";
import { signed } from "../in_process_gateway.ts";
import {
  appWith,
  bearing,
  gatewayOf,
  grants,
  minted,
  NOW,
  PATH,
  ruleFor,
} from "../tokens/token_gateway.ts";
import { forwardedBy, policyGateway, policyOf, posting, refusedBy } from "./policy_gateway.ts";

const ITEMS = "https://api.example.com/v1/items";
const schema = (schema: object) => ({ body: { schema } });
const add = (path: string, value: unknown) => ({ body: { patch: [{ op: "add", path, value }] } });
const sees = (value: unknown) => ({ const: value });

describe("policies run in the order token, named by the token, app, rule:", () => {
  test("each edits what the ones before it made", async () => {
    const append = (name: string) => add("/order/-", name);
    const gateway = policyGateway({
      named: { one: append("one"), two: append("two") },
      ofApp: append("app"),
      ofRule: append("rule"),
    });
    const sw = { ...append("token"), policy: ["two", "one", "two"] };
    const { body } = await forwardedBy(gateway, posting(sw, '{"order":[]}'));
    expect(JSON.parse(body)).toEqual({ order: ["token", "two", "one", "app", "rule"] });
  });

  test("each schema sees the patches up to its own, and no later one", async () => {
    const layer = (before: number) => ({
      body: {
        patch: [{ op: "replace", path: "/n", value: before + 1 }],
        schema: { properties: { n: sees(before + 1) } },
      },
    });
    const gateway = policyGateway({ named: { a: layer(1) }, ofApp: layer(2), ofRule: layer(3) });
    const sw = { ...layer(0), policy: ["a"] };
    expect((await forwardedBy(gateway, posting(sw, '{"n":0}'))).body).toBe('{"n":4}');
  });

  test("nothing undoes what the operator wrote", async () => {
    const gateway = policyGateway({ ofRule: add("/model", "small") });
    const sw = add("/model", "large");
    expect((await forwardedBy(gateway, posting(sw, "{}"))).body).toBe('{"model":"small"}');
  });

  test("nothing undoes what the operator checked", async () => {
    const gateway = policyGateway({ ofRule: schema({ required: ["user"] }) });
    const sw = { body: { patch: [{ op: "remove", path: "/user" }] } };
    const refusal = await refusedBy(gateway, posting(sw, '{"user":"a"}'));
    expect(refusal).toMatchObject({ code: "policy_violation", param: "/user" });
  });
});

describe("every layer is checked", () => {
  const wrong = schema({ required: ["a"] });
  test.each<[string, Parameters<typeof policyGateway>[0], object]>([
    ["the token's own", {}, wrong],
    ["a policy that it names", { named: { a: wrong, b: {} } }, { policy: ["b", "a"] }],
    ["the app's", { ofApp: wrong }, {}],
    ["the rule's", { ofRule: wrong }, {}],
  ])("%s", async (_, operator, sw) => {
    const refusal = await refusedBy(policyGateway(operator), posting(sw, "{}"));
    expect(refusal).toMatchObject({ status: 403, code: "policy_violation", param: "/a" });
    const fine = await forwardedBy(policyGateway(operator), posting(sw, '{"a":1}'));
    expect(fine.body).toBe('{"a":1}');
  });

  test("of a policy that the gateway does not have, nothing", async () => {
    const gateway = policyGateway({ named: { known: {} } });
    const refusal = await refusedBy(gateway, posting({ policy: ["known", "unknown"] }, "{}"));
    expect(refusal).toMatchObject({ status: 401, code: "policy_unknown" });
    const without = gatewayOf();
    expect((await refusedBy(without, posting({ policy: ["a"] }, "{}"))).code).toBe(
      "policy_unknown",
    );
  });
});

const HERE = "https://a.example";

describe("to, origins and ips intersect:", () => {
  const both = (keys: object, others: object) =>
    [
      ["a named policy", { named: { a: others } }, { ...keys, policy: ["a"] }],
      ["the app", { ofApp: others }, keys],
      ["the rule", { ofRule: others }, keys],
    ] as const;
  const rows = [
    ...both({ to: [ITEMS] }, { to: ["https://api.example.com/v2/"] }).map(
      (row) => [...row, "target_not_granted"] as const,
    ),
    ...both({ to: [ITEMS] }, { to: [`GET ${ITEMS}`] }).map(
      (row) => [...row, "target_not_granted"] as const,
    ),
    ...both({ origins: [HERE] }, { origins: ["https://b.example"] }).map(
      (row) => [...row, "origin_not_granted"] as const,
    ),
    ...both({ ips: ["10.0.0.0/8"] }, { ips: ["10.1.0.0/16"] }).map(
      (row) => [...row, "address_not_granted"] as const,
    ),
  ];
  test.each(rows)("%s", async (_, operator, sw, code) => {
    const gateway = policyGateway(operator);
    const request = posting(sw, "{}", { headers: { origin: HERE } });
    const response = await gateway.send(request, { remoteAddress: "10.0.0.1" });
    expect([response.status, response.headers.get("x-sw-problem")]).toEqual([403, code]);
    expect(gateway.fetched).toEqual([]);
    // What a policy expects is told to nobody, and the log has its name.
    expect(await response.text()).not.toMatch(/b\.example|10\.1|v2|"claim"/);
    expect(gateway.records[0]?.reason).toMatch(/^of the policy /);
  });

  test.each(["named", "app", "rule"])("what both grant is forwarded: %s", async (where) => {
    const keys = { to: [ITEMS], origins: [HERE], ips: ["10.0.0.0/8"] };
    const operator = { named: { a: keys }, ofApp: keys, ofRule: keys };
    const sw = {
      ...keys,
      to: ["https://api.example.com/"],
      ...(where === "named" && { policy: ["a"] }),
    };
    const gateway = policyGateway(operator);
    const request = posting(sw, "{}", { headers: { origin: HERE } });
    expect((await gateway.send(request, { remoteAddress: "10.0.0.1" })).status).toBe(200);
  });
});

describe("seconds: the shortest counts", () => {
  test.each<[string, Parameters<typeof policyGateway>[0], object]>([
    ["the token's", { ofApp: { seconds: 60 }, ofRule: { seconds: 60 } }, { seconds: 1 }],
    ["a named policy's", { named: { a: { seconds: 1 } } }, { seconds: 60, policy: ["a"] }],
    ["the app's", { ofApp: { seconds: 1 } }, { seconds: 60 }],
    ["the rule's", { ofRule: { seconds: 1 } }, {}],
  ])("%s", async (_, operator, sw) => {
    const answer = () => new Promise<Response>(() => {});
    const gateway = policyGateway({ ...operator, options: { answer } });
    const aborted = Promise.withResolvers<number>();
    const start = performance.now();
    void gateway.send(bearing(grants(sw)));
    while (gateway.fetched.length === 0) await Bun.sleep(5);
    const { signal } = gateway.fetched[0]!.request;
    signal.addEventListener("abort", () => aborted.resolve(performance.now() - start));
    expect(await aborted.promise).toBeGreaterThan(900);
  });
});

describe("the policies of a rule apply without a token too:", () => {
  const strict = policyOf("strict", { ...schema({ type: "object" }), origins: [HERE] });
  const json = { method: "POST", headers: { "content-type": "application/json", origin: HERE } };

  test("to signed URLs", async () => {
    const rule = { ...ruleFor("https://api.example.com/v1/"), policies: [strict] };
    const gateway = () => gatewayOf([appWith({ upstreams: [rule] })]);
    const request = (init: RequestInit) =>
      signed({ ...init, sign: { method: "POST", now: new Date(NOW * 1000) } });
    const sent = await forwardedBy(gateway(), request({ ...json, body: ' {"a": 1}' }));
    expect(sent.body).toBe('{"a":1}');
    expect(await refusedBy(gateway(), request({ ...json, body: "[]" }))).toMatchObject({
      code: "policy_violation",
      param: "",
    });
    const elsewhere = { ...json, headers: { ...json.headers, origin: "https://b.example" } };
    expect(await refusedBy(gateway(), request({ ...elsewhere, body: "{}" }))).toMatchObject({
      code: "origin_not_granted",
    });
  });

  test("to signed URLs whose body is signed", async () => {
    const rule = { ...ruleFor("https://api.example.com/v1/"), policies: [strict] };
    const body = ' {"a": 1}';
    const headers = { ...json.headers, "content-length": String(body.length) };
    const sign = { body, headers: { "content-length": String(body.length) } };
    const request = signed({
      ...json,
      headers,
      body,
      sign: { ...sign, method: "POST", now: new Date(NOW * 1000) },
    });
    const sent = await forwardedBy(gatewayOf([appWith({ upstreams: [rule] })]), request);
    expect(sent.body).toBe('{"a":1}');
  });

  test("to routes", async () => {
    const upstream = new URL("https://api.example.com/");
    const rule = { url: upstream, headers: [], policies: [strict] };
    const routes = [{ id: "/r/", path: "/r/", upstream, upstreams: [rule] }];
    const gateway = () => gatewayOf([appWith()], { sources: { routes } });
    const request = (body: string) =>
      new Request("https://edge.example.net/r/x", { ...json, body });
    expect((await forwardedBy(gateway(), request(' {"a": 1}'))).body).toBe('{"a":1}');
    expect((await refusedBy(gateway(), request("1"))).code).toBe("policy_violation");
  });
});

describe("a token of a key set", () => {
  const claims = { iss: "https://id.example", aud: "us", sw: undefined };
  const app = (policies: boolean) =>
    appWith({
      tokens: {
        audience: "us",
        verifyWithKeySet: async () => {},
        ...(policies && { policies: [policyOf("a", schema({ required: ["a"] }))] }),
      },
    });
  const send = async (policies: boolean, body: string) => {
    const found = app(policies);
    const gateway = gatewayOf([found], { sources: { findIssuer: () => found } });
    const token = minted({ claims });
    const json = { "content-type": "application/json" };
    const response = await gateway.send(
      bearing(token, PATH, { method: "POST", body, headers: json }),
    );
    return response.headers.get("x-sw-problem") ?? response.status;
  };

  test("needs no sw where its app has policies", async () => {
    expect(await send(true, '{"a":1}')).toBe(200);
    expect(await send(true, "{}")).toBe("policy_violation");
    expect(await send(false, '{"a":1}')).toBe("token_malformed");
  });

  test("of the app's own secrets needs it all the same", async () => {
    const gateway = gatewayOf([app(true)]);
    const token = minted({ claims: { sw: undefined, aud: "us" } });
    const response = await gateway.send(bearing(token));
    expect(response.headers.get("x-sw-problem")).toBe("token_malformed");
  });
});
