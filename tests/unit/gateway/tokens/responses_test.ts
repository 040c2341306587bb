import { describe, expect, test } from "bun:test";
import { problemIn, signed } from "../in_process_gateway.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { placed, SLOTS } from "./slots.ts";
import {
  answering,
  appWith,
  assertNowhere,
  bearing,
  EDGE,
  gatewayOf,
  grants,
  KEY,
  NOW,
  ORIGIN,
  PATH,
} from "./token_gateway.ts";

const TOKEN = grants({ to: [`${ORIGIN}/`] });

const REDIRECTS = [300, 301, 302, 303, 305, 306, 307, 308, 399];

const ELSEWHERE = [
  ...[
    "https://evil.example/",
    "//evil.example/",
    "http://api.example.com/v1/items",
    "\\\\evil.example",
  ],
  ...["https://api.example.com:8443/", "https://api.example.com.evil.example/", "/\t/evil.example"],
  ...["https://api.example.com@evil.example/", "/\\evil.example", "https://api.example.com./"],
  ...[
    "javascript:alert(1)",
    "data:text/html,a",
    "mailto:a@b.example",
    "https://",
    "\thttps://evil.example",
  ],
  ...[
    "https://edge.example.net/api.example.com/",
    "wss://api.example.com/",
    "blob:https://api.example.com/",
  ],
];

describe("a redirect to another origin is refused", () => {
  test.each(REDIRECTS)("with status %i", async (status) => {
    const gateway = answering({ status, headers: { location: "https://evil.example/" } });
    const response = await gateway.send(bearing(TOKEN));
    expect(response.status).toBe(502);
    expect(response.headers.has("location")).toBe(false);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await problemIn(response)).toMatchObject({ code: "redirect_refused" });
    expect(gateway.records).toMatchObject([
      { code: "redirect_refused", outcome: "upstream_failed" },
    ]);
  });

  test.each(ELSEWHERE)("at %j", async (location) => {
    const gateway = answering({ status: 302, headers: { location } });
    const response = await gateway.send(bearing(TOKEN));
    expect([response.status, response.headers.get("location")]).toEqual([502, null]);
    expect(await response.text()).not.toContain("evil");
  });

  test.each(SLOTS)(
    "unless the rule passes it, and the token is in Authorization alone: $what",
    async (slot) => {
      const location = "https://elsewhere.example/";
      const gateway = answering({ status: 307, headers: { location } }, { redirects: "pass" });
      const response = await gateway.send(placed([slot.place(TOKEN)]));
      const isBearer = /^authorization/i.test(slot.what);
      expect(response.status).toBe(isBearer ? 307 : 502);
      expect(response.headers.get("location")).toBe(isBearer ? location : null);
      const both = placed([{ headers: { authorization: `Bearer ${TOKEN}` } }, slot.place(TOKEN)]);
      expect((await gateway.send(both)).status).toBe(isBearer ? 307 : 502);
    },
  );

  test("nor is a location of no redirect removed then", async () => {
    const location = "https://elsewhere.example/";
    const gateway = answering({ status: 201, headers: { location } }, { redirects: "pass" });
    const response = await gateway.send(bearing(TOKEN));
    expect([response.status, response.headers.get("location")]).toEqual([201, location]);
    const inKey = placed([{ headers: { "x-api-key": TOKEN } }]);
    expect((await gateway.send(inKey)).headers.has("location")).toBe(false);
  });

  test("but not for a signed URL", async () => {
    const location = "https://elsewhere.example/";
    const gateway = answering({ status: 302, headers: { location } });
    const response = await gateway.send(signed({ sign: { now: new Date(NOW * 1000) } }));
    expect([response.status, response.headers.get("location")]).toEqual([302, location]);
  });
});

describe("a location within the origin leads through the gateway:", () => {
  const LOCATIONS: readonly (readonly [location: string, path: string])[] = [
    ["/v2/a?b=c#d", "/api.example.com/v2/a?b=c#d"],
    ["https://api.example.com/v2/", "/api.example.com/v2/"],
    ["https://API.example.com:443/v2/", "/api.example.com/v2/"],
    ["other", "/api.example.com/v1/other"],
    ["../a", "/api.example.com/a"],
    ["?page=2", "/api.example.com/v1/items?page=2"],
    ["", "/api.example.com/v1/items"],
    ["//api.example.com//evil.example/", "/api.example.com//evil.example/"],
    // The client never sees it, so that it cannot read it in another way.
    ["https:evil.example", "/api.example.com/v1/evil.example"],
    ["https://user:pass@api.example.com/v2/", "/api.example.com/v2/"],
  ];
  const table = SLOTS.flatMap((slot) => LOCATIONS.map((row) => [slot.what, ...row, slot] as const));

  test.each(table)("token in %s, %j", async (_, location, path, { place }) => {
    for (const status of [301, 307, 201, 200]) {
      const gateway = answering({ status, headers: { location } });
      const request = placed([place(TOKEN)]);
      const response = await gateway.send(request);
      expect(response.status).toBe(status);
      const led = new URL(response.headers.get("location")!, request.url).href;
      expect(led).toBe(EDGE + (place(TOKEN).prefix ?? "") + path);
      assertNowhere(TOKEN, [response.headers.get("location")!]);
    }
  });

  test("behind a path that a proxy strips", async () => {
    const options = {
      publicPath: "/gw/",
      answer: () => new Response(null, { status: 302, headers: { location: "/v2" } }),
    };
    const response = await gatewayOf([appWith()], options).send(bearing(TOKEN));
    expect(response.headers.get("location")).toBe("/gw/api.example.com/v2");
    const inPath = placed([{ prefix: `/~${TOKEN}` }]);
    const relative = (await gatewayOf([appWith()], options).send(inPath)).headers.get("location")!;
    const seen = inPath.url.replace(EDGE, `${EDGE}/gw`);
    expect(new URL(relative, seen).href).toBe(`${EDGE}/gw/~${TOKEN}/api.example.com/v2`);
  });

  test.each(ELSEWHERE)(
    "one of no redirect that leads elsewhere is removed: %j",
    async (location) => {
      const response = await answering({ status: 201, headers: { location } }).send(bearing(TOKEN));
      expect([response.status, response.headers.get("location")]).toEqual([201, null]);
    },
  );
});

describe("a refused credential", () => {
  const headers = { "www-authenticate": 'Bearer resource_metadata="https://evil.example/"' };
  const body = `Incorrect API key provided: ${KEY}`;

  test("is a failure without the upstream's words", async () => {
    const gateway = answering({ status: 401, headers, body });
    const response = await gateway.send(bearing(TOKEN));
    expect(response.status).toBe(502);
    expect(response.headers.has("www-authenticate")).toBe(false);
    expect(response.headers.get("x-should-retry")).toBe("false");
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      code: "credential_refused",
      error: { type: "api_error" },
    });
    expect(text + JSON.stringify(gateway.records)).not.toContain(KEY);
    expect(gateway.records).toMatchObject([
      { code: "credential_refused", outcome: "upstream_failed" },
    ]);
  });

  test("that was the caller's own passes", async () => {
    const gateway = answering({ status: 401, headers, body }, { headers: [] });
    const response = await gateway.send(bearing(TOKEN));
    expect([response.status, await response.text()]).toEqual([401, body]);
    expect(response.headers.get("www-authenticate")).toBe(headers["www-authenticate"]);
  });

  test("of a signed URL passes", async () => {
    const gateway = answering({ status: 401, headers, body });
    const response = await gateway.send(signed({ sign: { now: new Date(NOW * 1000) } }));
    expect([response.status, await response.text()]).toEqual([401, body]);
  });
});

describe("no header leads past the gateway", () => {
  test.each<readonly [name: string, value: string]>([
    ["Link", '<https://api.example.com/v1/items?page=2>; rel="next"'],
    ["Content-Location", "https://api.example.com/v1/items/1"],
    ["Refresh", "0; url=https://evil.example/"],
    ["WWW-Authenticate", 'Bearer error="insufficient_scope"'],
    ["Optional-WWW-Authenticate", "Bearer"],
    ["Alt-Svc", 'h3="evil.example:443"'],
  ])("%s", async (name, value) => {
    for (const status of [200, 201, 302, 403, 404, 500]) {
      const headers = { [name]: value, location: "/v1/other" };
      const response = await answering({ status, headers }).send(bearing(TOKEN));
      expect([status, response.status, response.headers.get(name)]).toEqual([status, status, null]);
    }
  });
});

test("a response to HEAD is edited like any other", async () => {
  const headers = { location: "https://evil.example/" };
  const request = bearing(TOKEN, PATH, { method: "HEAD" });
  expect((await answering({ status: 302, headers }).send(request)).status).toBe(502);
});

describe("a response of the embedding program's own hook", () => {
  const headers = { location: "/login", "www-authenticate": "Bearer", link: "</a>; rel=next" };

  test.each([200, 302, 401])("with status %i is not edited as an upstream's", async (status) => {
    const onRequest = () => new Response("mine", { status, headers });
    const gateway = gatewayOf([appWith()], { hooks: { onRequest } });
    const response = await gateway.send(bearing(TOKEN));
    expect(gateway.fetched).toEqual([]);
    expect([response.status, await response.text()]).toEqual([status, "mine"]);
    for (const [name, value] of Object.entries(headers)) {
      expect(response.headers.get(name)).toBe(value);
    }
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});

describe("seconds", () => {
  const brief = grants({ seconds: 1 });

  test("end an exchange whose upstream is silent", async () => {
    const gateway = gatewayOf([appWith()], { answer: () => new Promise<Response>(() => {}) });
    const { fetched } = gateway;
    void gateway.send(bearing(brief));
    await waitFor("the upstream is called", () => fetched.length > 0);
    const { signal } = fetched[0]!.request;
    await waitFor("the request to the upstream is aborted", () => signal.aborted);
    expect(signal.reason).toMatchObject({ code: "upstream_timeout" });
  });

  test("do not lengthen what the gateway allows", async () => {
    const options = { limits: { maxDuration: 1 }, answer: () => new Promise<Response>(() => {}) };
    const gateway = gatewayOf([appWith()], options);
    void gateway.send(bearing(grants({ seconds: 10_000 })));
    await waitFor("it is aborted", () => gateway.fetched[0]?.request.signal.aborted === true);
  });
});
