import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../lib/gateway/problem/gateway_error.ts";
import { parseTarget } from "../../../lib/gateway/inbound.ts";
import { gatewayUnderTest, problemIn, signed } from "./in_process_gateway.ts";

/** A request as the server hands it over, its URL as it stands. */
const received = (url: string, host?: string) =>
  parseTarget({ url, headers: new Headers(host === undefined ? {} : { host }) } as Request);

describe("parseTarget takes a URL apart and decodes nothing", () => {
  test.each([
    ["http://a/", "/", ""],
    ["http://a/?", "/", ""],
    ["http://a/?b", "/", "b"],
    ["http://a:3000/b/c?d=e", "/b/c", "d=e"],
    ["https://[::1]:3000/b?c", "/b", "c"],
    ["http://a/%2F%zz%FF//b", "/%2F%zz%FF//b", ""],
    ["http://a/?b?c=/d", "/", "b?c=/d"],
    ["http://a/?b=%26&c=+'\"", "/", "b=%26&c=+'\""],
    ["http://a/?url=http://b/c?d", "/", "url=http://b/c?d"],
  ])("%s", (url, path, query) => {
    expect(received(url)).toMatchObject({ path, query });
  });
});

describe("parseTarget refuses what is no URL of a request", () => {
  test.each(["", "/", "*", "http://a", "http://a?b", "a:80", "http://a/#b", "http://a/?b#c"])(
    "%j",
    (url) => {
      expect(() => received(url)).toThrow(new GatewayError("request_malformed"));
    },
  );
});

describe("a Host that is not one host and a possible port is refused", () => {
  test.each([
    ["empty", ""],
    ["two", "a, b"],
    ["two that are the same", "a, a"],
    ["a path", "a/b"],
    ["a slash", "a/"],
    ["a backslash", "a\\b"],
    ["a query", "a?b"],
    ["a fragment", "a#b"],
    ["user info", "user@a"],
    ["user info with a password", "user:pass@a"],
    ["a scheme", "http://a"],
    ["a port that is too high", "a:65536"],
    ["a port of six digits", "a:000080"],
    ["a port that is no number", "a:http"],
    ["a negative port", "a:-1"],
    ["two ports", "a:80:80"],
    ["a port alone", ":80"],
    ["a blank inside", "a b"],
    ["IPv6 without brackets", "::1"],
    ["half of the brackets", "[::1"],
    ["brackets around a name", "[localhost]"],
    ["something after the brackets", "[::1]x"],
    ["a byte above ASCII", "caf\xe9"],
    ["angle brackets", "<a>"],
    ["an escape", "caf%C3%A9"],
    ["an escaped letter", "%61"],
    ["a percent sign", "a%"],
    ["260 characters", "a".repeat(260)],
    ["260 characters with the port", `${"a".repeat(254)}:65535`],
    ["14 kB", "a".repeat(14_000)],
  ])("%s", async (_, host) => {
    expect(() => received("http://a/", host)).toThrow("Host header");
    const gateway = gatewayUnderTest();
    const response = await gateway.send(signed({ headers: { Host: host } }));
    expect(response.status).toBe(400);
    expect((await problemIn(response))["code"]).toBe("request_malformed");
    expect(gateway.fetched).toHaveLength(0);
  });
});

describe("any other Host is accepted", () => {
  test.each([
    "a",
    "edge.example.net",
    "edge.example.net.",
    "EDGE.example.net:443",
    "localhost:3000",
    "a:0",
    "a:65535",
    "a:",
    "127.0.0.1:3000",
    "[::1]",
    "[::1]:3000",
    "[::ffff:127.0.0.1]:80",
    "xn--bcher-kva.example",
    "a_b.example",
    `${"a".repeat(253)}:65535`,
  ])("%s", (host) => {
    expect(received("http://a/b?c", host)).toMatchObject({ path: "/b", query: "c" });
  });
});

test("the URL of a request whose Host is refused is never read", async () => {
  let reads = 0;
  const request = signed({ headers: { Host: "caf%CC%80" } });
  Object.defineProperty(request, "url", { get: () => (reads++, "http://a/") });
  const gateway = gatewayUnderTest();
  expect((await gateway.send(request)).status).toBe(400);
  expect(reads).toBe(0);
});

describe("a URL is bounded", () => {
  const url = (length: number) => `http://a/?${"x".repeat(length - "http://a/?".length)}`;
  test("15360 characters are not too many", () => {
    expect(received(url(15_360)).query).toHaveLength(15_350);
  });

  test.each([15_361, 17_000, 1_000_000])("%i are", (length) => {
    expect(() => received(url(length))).toThrow(new GatewayError("url_too_long"));
  });
});
