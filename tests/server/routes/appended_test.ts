import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { signatureLine, SIGNED } from "../../support/header_signature.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  public_path: "/outside",
  route: [
    { path: "/open/", upstream: upstream.url, signature: "none" },
    { path: "/signed/", upstream: `${upstream.url}/`, signature: SIGNED },
    { path: "/based/", upstream: `${upstream.url}/base`, signature: "none" },
    { path: "/slashed/", upstream: `${upstream.url}/base/`, signature: "none" },
    { path: "/", upstream: upstream.url, signature: "none" },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function seen(target: string, headers: string[] = []): Promise<string | undefined> {
  const response = await plainExchange(gateway, "GET", target, { headers });
  expect([target, response.status]).toEqual([target, 200]);
  return upstream.requests.at(-1)?.startLine.split(" ")[1];
}

/** Of RFC 3986: whatever stands for itself in a path and in a query, and escapes in both cases. */
const EXACT = [
  "/open/",
  "/open/a/b/c.json",
  "/open/a-._~!$&'()*+,;=:@b",
  "/open/a%20b%2Fc%2fd%3F%23%25",
  "/open/caf%C3%A9/%e4%bd%a0",
  "/open/a//b///c//",
  "/open/a;b=c;d/e",
  "/open/...",
  "/open/.hidden/a.",
  "/open/%00",
  "/open/%ff",
  "/open/100%",
  "/open/a?",
  "/open/a?b",
  "/open/a?b=",
  "/open/a?=b",
  "/open/a?b=c&b=d&&e",
  "/open/a?b=c+d%20e%2B",
  "/open/a?b?c/d:e@f",
  "/open/a?b[]=c&d[e]=f",
  "/open/a?-._~!$&()*+,;=:@/?",
  "/open/a?%zz&%",
  "/open/a?b=%c3%A9",
  "/open/a?../../b",
  `/open/${"x".repeat(7000)}?${"y".repeat(7000)}`,
];

describe("the path and query are appended exactly", () => {
  test.each(EXACT)("%s", async (target) => expect(await seen(target)).toBe(target));

  test.each([
    ["/based/a?b", "/base/based/a?b"],
    ["/slashed/a?b", "/base/slashed/a?b"],
    ["/based/", "/base/based/"],
    ["/slashed/a//b", "/base/slashed/a//b"],
  ])("%s to an upstream with a path is %s", async (target, path) => {
    expect(await seen(target)).toBe(path);
  });

  test("behind a path that a proxy in front has stripped, which is signed and not sent", async () => {
    const line = signatureLine("/outside/signed/é");
    expect(await seen("/signed/%C3%A9?a=b", [line])).toBe("/signed/%C3%A9?a=b");
  });

  test("or the request is refused, when the runtime cannot send it so", async () => {
    for (const target of ["//a//b", "///a", "//"]) {
      const response = await plainExchange(gateway, "GET", target);
      expect([response.status, problemOf(response)["code"]]).toEqual([400, "path_ambiguous"]);
    }
  });
});

describe("what no URL may hold is encoded before it is signed and sent", () => {
  test.each([
    ['/signed/"<>', "/signed/%22%3C%3E", '/outside/signed/"<>'],
    ["/signed/`{}", "/signed/%60%7B%7D", "/outside/signed/`{}"],
    ["/signed/\u00c3\u00a9", "/signed/%C3%A9", "/outside/signed/é"],
    ["/signed/a\\b", "/signed/a/b", "/outside/signed/a/b"],
    ["/signed/a/../b", "/signed/b", "/outside/signed/b"],
    ["/signed/a/%2e/b", "/signed/a/b", "/outside/signed/a/b"],
    ["/signed/?\"<>'", "/signed/?%22%3C%3E%27", "/outside/signed/"],
  ])("%s", async (target, path, signed) => {
    expect(await seen(target, [signatureLine(signed)])).toBe(path);
  });
});

describe("a path that cannot be appended is refused", () => {
  test.each([
    ["no UTF-8 on a signed route", "/signed/%ff", 400, "request_malformed"],
    ["half a character on a signed route", "/signed/%c3", 400, "request_malformed"],
    ["an escape that is none on a signed route", "/signed/100%", 400, "request_malformed"],
    ["a fragment", "/open/a#b", 400, "request_malformed"],
    ["out of the upstream's own path", "/based/..%2f..%2fsecret", 400, "path_ambiguous"],
    ["too long", `/open/${"x".repeat(15_400)}`, 414, "url_too_long"],
  ])("%s", async (_, target, status, code) => {
    const before = upstream.requests.length;
    const response = await plainExchange(gateway, "GET", target);
    expect(problemOf(response)).toMatchObject({ status, code });
    expect(upstream.requests).toHaveLength(before);
  });

  test("to an upstream with a path, where no other route is", async () => {
    const upstreamUrl = `${upstream.url}/base/`;
    await using based = await startConfigured({
      route: [{ path: "/", upstream: upstreamUrl, signature: "none" }],
    });
    const climbs = ["/..%2fsecret", "/%252e%252e/secret", "/..;/secret", "/..%5csecret"];
    for (const target of climbs) {
      const before = upstream.requests.length;
      const { status } = await plainExchange(based, "GET", target);
      expect([target, [400, 403].includes(status)]).toEqual([target, true]);
      expect(upstream.requests).toHaveLength(before);
    }
  });
});
