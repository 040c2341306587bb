import { describe, expect, test } from "bun:test";
import { signed } from "../in_process_gateway.ts";
import { placed } from "./slots.ts";
import { bearing, gatewayOf, minted, NOW, PATH, refusalOf } from "./token_gateway.ts";

const TOKEN = minted();

const HEADERS = [
  ...["X-HTTP-Method", "x-http-method-override", "X-HTTP-METHOD-OVERRIDE", "X_HTTP_Method"],
  ...["x.http.method", "X-Http-Method_Override", "x-http-methods", "X-HTTP-Method-"],
  ...["XHttpMethodOverride", "X--HTTP-Method", "x-httpmethod", "_X-HTTP-Method-Override"],
  ...["Method-Override", "HTTP-Method-Override", "http_method_override", "X-Method-Override"],
];

const PARAMETERS = [
  ...[
    "_method=DELETE",
    "_METHOD=DELETE",
    "_Method=",
    "_method",
    "a=1&_method=PUT",
    "a;_method=PUT",
  ],
  ...["%5fmethod=PUT", "%5F%6d%65thod=PUT", "+_method=PUT", "%20_method=PUT", ".method=PUT"],
  ...[
    "_method+=PUT",
    "_method%00x=PUT",
    "_method[]=PUT",
    "_method%5B0%5D=PUT",
    "_method%ff=a&_method=b",
  ],
  ...["_HttpMethod=DELETE", "_httpmethod=PATCH", "_http_method=PUT", "%5FHttpMethod=DELETE"],
  ...[
    "X-HTTP-Method-Override=PUT",
    "x_http_method=PUT",
    "X-HTTP-Method=PUT",
    "X-Method-Override=PUT",
  ],
  ...["methodOverride=PUT", "method_override=PUT", "http-method-override=PUT"],
  ...["$httpMethod=DELETE", "$httpmethod=DELETE", "%24httpMethod=DELETE", "$HTTPMETHOD=DELETE"],
  ...["$httpHeaders=a:b", "$ct=text/plain", "$CT=a", "%24c%74=a", "$httpHeaders", "x=1&$ct="],
];

describe("a request with a token overrides nothing:", () => {
  test.each(HEADERS)("%s", async (name) => {
    for (const value of ["DELETE", "GET", ""]) {
      const request = bearing(TOKEN, PATH, { method: "POST", headers: { [name]: value } });
      const { status, code } = await refusalOf(gatewayOf(), request, TOKEN);
      expect([status, code]).toEqual([400, "override_refused"]);
    }
  });

  test.each(PARAMETERS)("?%s", async (query) => {
    for (const method of ["GET", "POST"]) {
      const request = bearing(TOKEN, `${PATH}?${query}`, { method });
      const { status, code } = await refusalOf(gatewayOf(), request, TOKEN);
      expect([status, code]).toEqual([400, "override_refused"]);
    }
  });

  test("wherever the token is", async () => {
    const request = placed([{ query: `key=${TOKEN}&_method=PUT` }]);
    const { code } = await refusalOf(gatewayOf(), request, TOKEN);
    expect(code).toBe("override_refused");
  });
});

describe("what overrides nothing passes:", () => {
  test.each([
    "method=PUT",
    "a=_method",
    "a=%26_method=b",
    "x_method=1",
    "httpMethod=GET",
    "method_overrides=1",
    "$alt=sse",
    "$ctx=1",
    "ct=1",
  ])("?%s", async (query) => {
    const gateway = gatewayOf();
    expect((await gateway.send(bearing(TOKEN, `${PATH}?${query}`))).status).toBe(200);
    expect(gateway.fetched[0]?.upstream.url.search).toBe(`?${query}`);
  });

  test("a signed URL with such a parameter, which was signed", async () => {
    const target = "https://api.example.com/v1/items?_method=PUT";
    const gateway = gatewayOf();
    const request = signed({ target, sign: { now: new Date(NOW * 1000) } });
    expect((await gateway.send(request)).status).toBe(200);
  });
});

describe("the checks have an order:", () => {
  const expired = { exp: NOW };
  const here = { origins: ["https://a.example"] };
  test.each<readonly [what: string, claims: Record<string, unknown>, path: string, code: string]>([
    ["form, then the signature", { ...expired, sw: 1 }, PATH, "token_malformed"],
    ["time, then the audience", { ...expired, aud: "x" }, PATH, "token_expired"],
    ["audience, then the origin", { aud: "x", sw: here }, PATH, "token_audience_mismatch"],
    ["origin, then overrides", { sw: here }, `${PATH}?_method=a`, "origin_not_granted"],
    ["overrides, then the target", {}, "/evil.example/?_method=a", "override_refused"],
    [
      "the grant, then the rules",
      { sw: { to: ["https://b.example/"] } },
      "/c.example/",
      "target_not_granted",
    ],
    [
      "the rules at last",
      { sw: { to: ["https://b.example/"] } },
      "/b.example/",
      "target_not_allowed",
    ],
  ])("%s", async (_, claims, path, code) => {
    const token = minted({ claims });
    expect((await refusalOf(gatewayOf(), bearing(token, path), token)).code).toBe(code);
  });
});
