import { describe, expect, test } from "bun:test";
import { parseUpstream } from "../../../lib/config/parse_upstream.ts";

describe("parseUpstream reads an absolute URL", () => {
  test.each([
    ["https://api.example.com", "https://api.example.com/"],
    ["https://api.example.com/", "https://api.example.com/"],
    ["https://api.example.com/v1", "https://api.example.com/v1"],
    ["https://api.example.com/v1/", "https://api.example.com/v1/"],
    ["HTTPS://API.Example.COM:443/v1/", "https://api.example.com/v1/"],
    ["http://localhost:8000/", "http://localhost:8000/"],
    ["http://127.0.0.1:8000", "http://127.0.0.1:8000/"],
    ["http://[::1]:8000/x", "http://[::1]:8000/x"],
    ["https://api.example.com/a/../v1/", "https://api.example.com/v1/"],
    ["https://api.example.com/a%20b/", "https://api.example.com/a%20b/"],
    ["https://bücher.example/", "https://xn--bcher-kva.example/"],
  ])("%s", (text, href) => {
    const url = parseUpstream(text);
    expect(url).toBeInstanceOf(URL);
    expect(String(url)).toBe(href);
  });
});

describe("parseUpstream refuses anything else", () => {
  const absolute = /^is not an absolute http or https URL/;
  test.each<[string, RegExp]>([
    ["", absolute],
    ["api.example.com", absolute],
    ["api.example.com:443", absolute],
    ["/v1/", absolute],
    ["//api.example.com/", absolute],
    ["https:api.example.com/", absolute],
    ["https:/api.example.com/", absolute],
    ["https:\\\\api.example.com\\", absolute],
    [" https://api.example.com/", absolute],
    ["https://", absolute],
    ["https://exa mple.com/", absolute],
    ["https://api.example.com:99999/", absolute],
    ["https://[::1/", absolute],
    ["ftp://api.example.com/", absolute],
    ["file:///etc/", absolute],
    ["ws://api.example.com/", absolute],
    ["s3://bucket/", absolute],
    ["javascript:alert(1)", absolute],
    ["https://user@api.example.com/", /^contains credentials/],
    ["https://user:pass@api.example.com/", /^contains credentials/],
    ["https://:pass@api.example.com/", /^contains credentials/],
    ["https://api.example.com/?key=1", /^has a query or a fragment/],
    ["https://api.example.com/v1/#top", /^has a query or a fragment/],
    ["https://*.openai.azure.com/", /^has a \* in its host/],
    ["https://*/v1/", /^has a \* in its host/],
    ["https://api.example.com/v1/..%2fadmin/", /^has an encoded dot segment/],
    ["https://api.example.com/v1/%252e%252e/", /^has an encoded dot segment/],
    ["https://api.example.com/v1/..;/", /^has an encoded dot segment/],
  ])("%j", (text, complaint) => {
    const mistake = parseUpstream(text);
    expect(mistake).toMatch(complaint);
    expect(mistake).not.toMatch(/pass|key=1/);
  });
});
