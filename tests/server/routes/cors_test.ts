import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { plainExchange } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { signatureLine, SIGNED } from "../../support/header_signature.ts";

const [ONE, TWO, WIDE, THIRD] = [
  "https://one.example",
  "https://two.example",
  "https://wide.example",
  "https://third.example",
];
const OTHER = { id: "other-app", secret: "the secret of another app, so long" };

const upstream = await startUpstream([
  respond("ok", { headers: ["Access-Control-Allow-Origin: https://upstream.example"] }),
]);
const rules = { upstream: [{ url: upstream.url }] };
const none = { upstream: upstream.url, signature: "none" as const };
const gateway = await startConfigured({
  cors: { allow_origins: [WIDE] },
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      ...rules,
      cors: {
        allow_origins: [ONE],
        allow_methods: ["GET", "POST"],
        allow_headers: ["authorization", "x-one"],
        expose_headers: ["x-request-id"],
      },
    },
    { id: OTHER.id, secrets: [OTHER.secret], ...rules, cors: { allow_origins: [TWO] } },
    { id: "plain", secrets: ["the secret of an app without CORS"], ...rules },
  ],
  route: [
    { path: "/one/", ...none, cors: { allow_origins: [ONE], allow_methods: ["PUT"] } },
    { path: "/one/two/", ...none, cors: { allow_origins: [TWO, THIRD] } },
    { path: "/any/", ...none, cors: { allow_origins: ["*"] } },
    { path: "/plain/", ...none },
    {
      path: "/signed/",
      upstream: upstream.url,
      signature: SIGNED,
      cors: { allow_origins: [ONE], expose_headers: ["x-request-id", "etag"] },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const byApp = (credential: { id: string; secret: string }) => (method: string) =>
  signedTarget(gateway.url, `${upstream.url}/x`, { ...credential, method });
const PLAIN = { id: "plain", secret: "the secret of an app without CORS" };

/** What is asked for, and the origins that may read its answer; `undefined`: any. */
const POLICIES: [
  what: string,
  target: (method: string) => string,
  origins: string[] | undefined,
][] = [
  ["the first app", byApp(CREDENTIAL), [ONE]],
  ["the second app", byApp(OTHER), [TWO]],
  ["an app without", byApp(PLAIN), [WIDE]],
  ["the route /one/", () => "/one/x", [ONE]],
  ["the route /one/two/", () => "/one/two/x", [TWO, THIRD]],
  ["the route /any/", () => "/any/x", undefined],
  ["the route /plain/", () => "/plain/x", [WIDE]],
  ["the route /signed/", () => "/signed/x", [ONE]],
  ["no route", () => "/nowhere", [WIDE]],
  ["an unknown app", byApp({ id: "nobody", secret: "x" }), [WIDE]],
];

const ORIGINS = [ONE, TWO, WIDE, THIRD, "https://upstream.example", "null", `${ONE}.evil.test`];

function expectPolicy(response: HttpMessage, origin: string, origins: string[] | undefined): void {
  const allowed = response.all("access-control-allow-origin");
  if (!origins) expect(allowed).toEqual(["*"]);
  else {
    expect([origin, allowed]).toEqual([origin, origins.includes(origin) ? [origin] : []]);
    expect(response.all("vary").join().toLowerCase()).toContain("origin");
  }
  expect(response.all("access-control-allow-credentials")).toEqual([]);
}

/** The headers of refusals that the SDKs of LLM APIs read. */
const SDK_HEADERS =
  "X-Should-Retry, Retry-After, Retry-After-Ms, RateLimit, RateLimit-Policy, WWW-Authenticate";

describe("each app and each route has its own origins", () => {
  test.each(POLICIES)("%s, answered or refused", async (_, target, origins) => {
    for (const origin of ORIGINS) {
      const path = target("GET");
      const signed = path === "/signed/x" ? [signatureLine(path)] : [];
      for (const more of [signed, ["Signature: wrong"]]) {
        const headers = [`Origin: ${origin}`, ...more];
        expectPolicy(await plainExchange(gateway, "GET", path, { headers }), origin, origins);
      }
    }
  });

  test.each(POLICIES)("%s, asked by a preflight", async (what, target, origins) => {
    const before = upstream.requests.length;
    for (const origin of ORIGINS) {
      const headers = [`Origin: ${origin}`, "Access-Control-Request-Method: POST"];
      const response = await plainExchange(gateway, "OPTIONS", target("POST"), { headers });
      expect(response.status).toBe(204);
      // A browser sends no token with a preflight, so that one may be for any app.
      expectPolicy(response, origin, what === "no route" ? [ONE, TWO, WIDE] : origins);
    }
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("a preflight", () => {
  const ask = (target: string, method: string, names?: string) =>
    plainExchange(gateway, "OPTIONS", target, {
      headers: [
        `Origin: ${ONE}`,
        `Access-Control-Request-Method: ${method}`,
        ...(names === undefined ? [] : [`Access-Control-Request-Headers: ${names}`]),
      ],
    });

  test.each([
    ["an app's lists", byApp(CREDENTIAL)("POST"), "GET, POST", "authorization, x-one"],
    ["a route's methods", "/one/x", "PUT", "signature,x-two"],
    ["what it asks for", "/plain/x", "DELETE", "signature,x-two"],
    ["what it asks for, signed", "/signed/x", "DELETE", "signature,x-two"],
  ])("is granted %s", async (_, target, methods, names) => {
    const response = await ask(target, "DELETE", "signature,x-two");
    expect(response.all("access-control-allow-methods")).toEqual([methods]);
    expect(response.all("access-control-allow-headers")).toEqual([names]);
  });

  test("is answered without a signature, which a browser never sends with it", async () => {
    const response = await ask("/signed/x", "GET", "signature");
    expect(response.status).toBe(204);
    expect(response.all("access-control-allow-origin")).toEqual([ONE]);
  });

  test("an OPTIONS that is none is a request like others", async () => {
    const before = upstream.requests.length;
    expect((await plainExchange(gateway, "OPTIONS", "/signed/x")).status).toBe(401);
    expect(upstream.requests).toHaveLength(before);
    const headers = [signatureLine("/signed/x", "OPTIONS"), `Origin: ${ONE}`];
    expect((await plainExchange(gateway, "OPTIONS", "/signed/x", { headers })).status).toBe(200);
  });
});

describe("the headers that a page may read", () => {
  test.each([
    ["/signed/x", `x-request-id, etag, X-Sw-Edited, X-Sw-Problem, X-Sw-Request-Id, ${SDK_HEADERS}`],
    ["/plain/x", "*"],
    [
      byApp(CREDENTIAL)("GET"),
      `x-request-id, X-Sw-Edited, X-Sw-Problem, X-Sw-Request-Id, ${SDK_HEADERS}`,
    ],
  ])("%s", async (target, exposed) => {
    const headers = [`Origin: ${ONE}`, signatureLine("/signed/x")];
    const response = await plainExchange(gateway, "GET", target, { headers });
    expect(response.all("access-control-expose-headers")).toEqual([exposed]);
  });
});

describe("a request that is spelled in another way has the policy of its route", () => {
  test.each([
    ["/%6fne/x", [ONE]],
    ["/one/%74wo/x", [TWO, THIRD]],
    ["/one%2Ftwo/x", [TWO, THIRD]],
    ["/one/x?X-Sw-Credential=other-app/20260101", [ONE]],
  ])("%s", async (target, origins) => {
    for (const origin of ORIGINS) {
      const headers = [`Origin: ${origin}`, "Access-Control-Request-Method: POST"];
      for (const method of ["GET", "OPTIONS"]) {
        const response = await plainExchange(gateway, method, target, { headers });
        expect(response.status).toBeLessThan(300);
        expectPolicy(response, origin, origins);
      }
    }
  });
});
