import { describe, expect, test } from "bun:test";
import { isPreflight } from "../../../../lib/gateway/cors/preflight.ts";
import { GATEWAY, gatewayUnderTest, signed } from "../in_process_gateway.ts";

const ALLOWED = ["https://app.example", "http://localhost:5173"];

const sendFrom = (origin: string | undefined, origins?: string[], answer?: () => Response) =>
  gatewayUnderTest({ cors: { ...(origins && { origins }) }, ...(answer && { answer }) }).send(
    signed({ headers: origin === undefined ? {} : { Origin: origin } }),
  );

describe("with a list, exactly its origins may read the answer", () => {
  test.each([
    ["https://app.example", "https://app.example"],
    ["http://localhost:5173", "http://localhost:5173"],
    ["https://evil.example", null],
    ["null", null],
    ["https://app.example.com", null],
    ["https://app.example.evil.com", null],
    ["https://evilapp.example", null],
    ["https://x.app.example", null],
    ["http://app.example", null],
    ["https://app.example:8443", null],
    ["https://app.example/", null],
    ["https://app.example, https://evil.example", null],
    ["HTTPS://APP.EXAMPLE", null],
    ["http://localhost", null],
    ["*", null],
    ["", null],
    [undefined, null],
  ])("%p", async (origin, allowed) => {
    const { headers } = await sendFrom(origin, ALLOWED);
    expect(headers.get("access-control-allow-origin")).toBe(allowed);
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("null may be on the list", async () => {
    const { headers } = await sendFrom("null", ["null"]);
    expect(headers.get("access-control-allow-origin")).toBe("null");
  });

  test("Vary is added to the upstream's", async () => {
    const answer = () => new Response("", { headers: { Vary: "Accept-Encoding" } });
    const { headers } = await sendFrom("https://app.example", ALLOWED, answer);
    expect(headers.get("vary")).toBe("Accept-Encoding, Origin");
  });

  test("an empty list allows nobody", async () => {
    const { headers } = await sendFrom("https://app.example", []);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("without a list, any origin may", () => {
  test.each(["https://app.example", "null", undefined])("%p", async (origin) => {
    const { headers } = await sendFrom(origin);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-expose-headers")).toBe("*");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });
});

test("the upstream's own CORS headers are replaced", async () => {
  const theirs = {
    "Access-Control-Allow-Origin": "https://evil.example",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Max-Age": "86400",
  };
  const answer = () => new Response("", { headers: theirs });
  const { headers } = await sendFrom("https://evil.example", ALLOWED, answer);
  expect(
    Object.keys(headers.toJSON()).filter((name) => name.startsWith("access-control-")),
  ).toEqual(["access-control-expose-headers"]);
});

test("a refusal can be read by the page that caused it", async () => {
  const request = new Request(GATEWAY, { headers: { Origin: "https://app.example" } });
  const { status, headers } = await gatewayUnderTest({ cors: { origins: ALLOWED } }).send(request);
  expect(status).toBe(400);
  expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
});

describe("a preflight", () => {
  const asking = (headers: Record<string, string> = {}) =>
    new Request(signed({ method: "POST" }).url, {
      method: "OPTIONS",
      headers: {
        Origin: "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
        ...headers,
      },
    });

  test("is answered with what was asked for, and reaches no upstream", async () => {
    const gateway = gatewayUnderTest();
    const { status, headers, body } = await gateway.send(asking());
    expect([status, body]).toEqual([204, null]);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-methods")).toBe("POST");
    // `*` would not cover Authorization.
    expect(headers.get("access-control-allow-headers")).toBe("authorization,content-type");
    expect(Number(headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(gateway.fetched).toHaveLength(0);
    expect(gateway.records).toMatchObject([{ outcome: "preflight", status: 204 }]);
  });

  test("is answered with the operator's lists where there are some", async () => {
    const cors = { origins: ALLOWED, methods: ["GET", "POST"], headers: ["Content-Type", "X-A"] };
    const { headers } = await gatewayUnderTest({ cors }).send(asking());
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(headers.get("access-control-allow-methods")).toBe("GET, POST");
    expect(headers.get("access-control-allow-headers")).toBe("Content-Type, X-A");
  });

  test("of another origin is not allowed", async () => {
    const gateway = gatewayUnderTest({ cors: { origins: ALLOWED } });
    const { headers } = await gateway.send(asking({ Origin: "https://evil.example" }));
    expect(headers.has("access-control-allow-origin")).toBe(false);
    expect(gateway.fetched).toHaveLength(0);
  });

  test("that asks for no headers is granted none", async () => {
    const request = asking();
    request.headers.delete("access-control-request-headers");
    const { headers } = await gatewayUnderTest().send(request);
    expect(headers.has("access-control-allow-headers")).toBe(false);
  });
});

describe("isPreflight", () => {
  const both = { Origin: "https://app.example", "Access-Control-Request-Method": "POST" };
  test.each<[string, Record<string, string>, boolean]>([
    ["OPTIONS", both, true],
    ["OPTIONS", { Origin: "https://app.example" }, false],
    ["OPTIONS", { "Access-Control-Request-Method": "POST" }, false],
    ["OPTIONS", {}, false],
    ["GET", both, false],
    ["POST", both, false],
  ])("%s %j", (method, headers, expected) => {
    expect(isPreflight(new Request(GATEWAY, { method, headers }))).toBe(expected);
  });

  test("an OPTIONS request that is signed and no preflight is forwarded", async () => {
    const gateway = gatewayUnderTest();
    expect((await gateway.send(signed({ method: "OPTIONS" }))).status).toBe(200);
    expect(gateway.fetched[0]?.request.method).toBe("OPTIONS");
  });
});
