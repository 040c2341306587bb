import { describe, expect, test } from "bun:test";
import { rule, tryTarget } from "./grants.ts";

const RULES = [rule("https://api.example.com/v1")];

describe("a target outside the rules is refused, and nothing is looked up", () => {
  test.each([
    ["another host", "https://api.example.org/v1/x"],
    ["a host that ends alike", "https://evil-api.example.com/v1/x"],
    ["a subdomain", "https://x.api.example.com/v1/x"],
    ["the domain above", "https://example.com/v1/x"],
    ["the host as a label of another", "https://api.example.com.evil.org/v1/x"],
    ["the host with a dot at its end", "https://api.example.com./v1/x"],
    ["another port", "https://api.example.com:8443/v1/x"],
    ["the other scheme's port", "https://api.example.com:80/v1/x"],
    ["http for https", "http://api.example.com/v1/x"],
    ["http at the same port", "http://api.example.com:443/v1/x"],
    ["the root", "https://api.example.com/"],
    ["no path", "https://api.example.com"],
    ["a path that only begins alike", "https://api.example.com/v1-evil"],
    ["the same with more", "https://api.example.com/v1-evil/x"],
    ["a longer segment", "https://api.example.com/v10"],
    ["other capitals", "https://api.example.com/V1/x"],
    ["dot segments", "https://api.example.com/v1/../admin"],
    ["dot segments further down", "https://api.example.com/v1/a/b/../../../admin"],
    ["encoded dot segments", "https://api.example.com/v1/%2e%2e/admin"],
    ["half-encoded dot segments", "https://api.example.com/v1/.%2E/admin"],
    ["backslashes", "https://api.example.com/v1\\..\\admin"],
    ["an empty segment first", "https://api.example.com//v1/x"],
    ["an encoded letter in the prefix", "https://api.example.com/%761/x"],
    ["the prefix further down", "https://api.example.com/x/v1/"],
    ["the prefix in the query", "https://api.example.com/?/v1/"],
    ["the prefix in the fragment", "https://api.example.com/#/v1/"],
    ["the rule in the query of another host", "https://evil.org/?https://api.example.com/v1/"],
  ])("%s", async (_, target) => {
    expect(await tryTarget(target, RULES)).toEqual({ code: "target_not_allowed", resolved: [] });
  });

  test("without any rule, every target", async () => {
    const attempt = await tryTarget("https://api.example.com/v1/x", []);
    expect(attempt).toEqual({ code: "target_not_allowed", resolved: [] });
  });
});

describe("a path that climbs out for a server which decodes once more is refused", () => {
  test.each([
    "/v1/..%2fadmin",
    "/v1/..%2Fadmin",
    "/v1/..%5cadmin",
    "/v1/%2e%2e%2fadmin",
    "/v1/x/..%2f..%2fadmin",
    "/v1/%252e%252e/admin",
    "/v1/%252e%252e%252fadmin",
    "/v1/%25252e%25252e/admin",
    "/v1/.%252e/admin",
    "/v1/..;/admin",
    "/v1/..;a=b/admin",
    "/v1/..%3b/admin",
    "/v1/..%253b/admin",
    "/v1/.;/admin",
    "/v1/..%2f",
    "/v1/x%2f..",
    "/v1/%25%32%65%25%32%65/admin",
    "/v1/%%32%65%%32%65/admin",
    "/v1/..%25%32%66admin",
  ])("%s", async (path) => {
    const attempt = await tryTarget(`https://api.example.com${path}`, RULES);
    expect(attempt).toEqual({ code: "target_not_allowed", resolved: [] });
  });
});

describe("a target under a rule is allowed, called as the URL parser reads it", () => {
  test.each([
    ["https://api.example.com/v1", "https://api.example.com/v1"],
    ["https://api.example.com/v1/", "https://api.example.com/v1/"],
    ["https://api.example.com/v1?q=/../", "https://api.example.com/v1?q=/../"],
    ["https://api.example.com/v1/chat/completions", "https://api.example.com/v1/chat/completions"],
    ["https://api.example.com:443/v1/x", "https://api.example.com/v1/x"],
    ["HTTPS://API.Example.COM/v1/x", "https://api.example.com/v1/x"],
    ["https://api.example.com/v1/a/../b", "https://api.example.com/v1/b"],
    ["https://api.example.com/x/../v1/b", "https://api.example.com/v1/b"],
    ["https://api.example.com/v1//x", "https://api.example.com/v1//x"],
    ["https://api.example.com/v1/a%2Fb", "https://api.example.com/v1/a%2Fb"],
    ["https://api.example.com/v1/...", "https://api.example.com/v1/..."],
    ["https://api.example.com/v1/a..b/..c", "https://api.example.com/v1/a..b/..c"],
    ["https://api.example.com/v1/%41%25", "https://api.example.com/v1/%41%25"],
    ["https://api.example.com/v1/50%25?q=%zz", "https://api.example.com/v1/50%25?q=%zz"],
    ["https://api.example.com/v1/x#fragment", "https://api.example.com/v1/x"],
    ["https://api.example.com/v1/x?#", "https://api.example.com/v1/x?"],
  ])("%s", async (target, called) => {
    const { upstream, resolved } = await tryTarget(target, RULES);
    expect(upstream?.url.href).toBe(called);
    // The operator has named the host, so nobody's answer for the name decides anything.
    expect(resolved).toEqual([]);
    expect(upstream?.address).toBeUndefined();
  });
});

test("a named rule may lead to a private address", async () => {
  for (const url of ["http://127.0.0.1:8000/", "http://[::1]:8000/", "http://db.internal/"]) {
    const { upstream } = await tryTarget(`${url}x`, [rule(url)]);
    expect(upstream?.url.href).toBe(`${url}x`);
  }
});
