import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { exchangeWithPython, installPythonSdk, type PythonExchange } from "./python_sdk.ts";

const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) =>
    Response.json({
      query: new URL(request.url).search,
      foo: request.headers.get("x-foo"),
      body: await request.text(),
    }),
});
const gateway = await startGateway({ args: ["--upstream", upstream.url.origin] });
const python = await requirement("the Python SDK", installPythonSdk);

afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

interface Situation extends Omit<PythonExchange, "sign"> {
  name: string;
  sign?: Record<string, unknown>;
  status: number;
  seen?: { query?: string; foo?: string; body?: string };
}

const JSON_BODY = '{"foo": "bar"}';
const PROMPT = '{"prompt": "用一句话解释量子计算 🚀👩‍🔬"}';
const FOO = { "X-Foo": "foo" };
const WITH_FOO = { headers: FOO };
const POST = { method: "POST", body: JSON_BODY };

// The first eight are the situations of the SDK's own suite.
const SITUATIONS: Situation[] = [
  { name: "plain", status: 200, seen: { query: "", body: "" } },
  { name: "with a query", sign: { query: "?param=1" }, status: 200, seen: { query: "?param=1" } },
  {
    name: "with a signed header",
    sign: WITH_FOO,
    headers: FOO,
    status: 200,
    seen: { foo: "foo" },
  },
  {
    name: "with a signed body",
    sign: { ...POST, ...WITH_FOO },
    headers: FOO,
    body: JSON_BODY,
    status: 200,
    seen: { foo: "foo", body: JSON_BODY },
  },
  { name: "expired", sign: { expiry: 1 }, wait: 1, status: 400 },
  { name: "signed header missing", sign: WITH_FOO, status: 400 },
  { name: "signed header different", sign: WITH_FOO, headers: { "X-Foo": "bar" }, status: 400 },
  { name: "signed body different", sign: POST, body: '{"foo": "baz"}', status: 400 },
  {
    name: "with a signed body in Chinese and emoji",
    sign: { method: "POST", body: PROMPT },
    body: PROMPT,
    status: 200,
    seen: { body: PROMPT },
  },
  { name: "signed with another secret", sign: { secret: "another secret" }, status: 400 },
  { name: "signed by an unknown app", sign: { id: "nobody" }, status: 401 },
];

describe.skipIf("reason" in python)("the published Python SDK", () => {
  test.each(SITUATIONS.map((situation) => [situation.name, situation] as const))(
    "%s",
    async (_, { sign = {}, status, seen, name: _name, ...rest }) => {
      if ("reason" in python) return;
      const { query = "", ...overrides } = sign;
      const response = await exchangeWithPython(python.value, {
        sign: {
          ...CREDENTIAL,
          host: gateway.url,
          proxy_url: `${upstream.url.origin}/path${query}`,
          expiry: 10,
          method: "GET",
          ...overrides,
        },
        ...rest,
      });
      expect(response).toMatchObject({ status });
      if (seen) expect(JSON.parse(response.body)).toMatchObject(seen);
    },
  );
});
