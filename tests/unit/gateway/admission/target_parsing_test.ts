import { describe, expect, test } from "bun:test";
import { gatewayUnderTest, problemIn, signed } from "../in_process_gateway.ts";
import { rule, tryTarget } from "./grants.ts";

const RULES = [rule("https://api.example.com/"), rule("https://xn--bcher-kva.example/")];

describe("user info in the target is refused", () => {
  test.each([
    "https://user@api.example.com/",
    "https://user:pass@api.example.com/",
    "https://:pass@api.example.com/",
    "https://api.example.com@evil.org/",
    "https://evil.org@api.example.com/",
    "https://a%40b@api.example.com/",
    "https:user@api.example.com/",
    "https://@@api.example.com/",
  ])("%s", async (target) => {
    expect(await tryTarget(target, RULES)).toEqual({ code: "target_invalid", resolved: [] });
    const gateway = gatewayUnderTest({ upstreams: RULES });
    const response = await gateway.send(signed({ target }));
    expect((await problemIn(response))["code"]).toBe("target_invalid");
    expect(gateway.fetched).toHaveLength(0);
  });
});

describe("an odd target is what the URL parser says, for the rules and for the call", () => {
  test.each<[string, string, string]>([
    ["empty user info", "https://@api.example.com/x", "https://api.example.com/x"],
    ["backslashes", "https:\\\\api.example.com\\a\\b", "https://api.example.com/a/b"],
    ["a backslash in the query", "https://api.example.com/?a\\b", "https://api.example.com/?a\\b"],
    ["missing slashes", "https:api.example.com/x", "https://api.example.com/x"],
    ["one slash", "https:/api.example.com/x", "https://api.example.com/x"],
    ["many slashes", "https://////api.example.com/x", "https://api.example.com/x"],
    ["leading blanks", "  https://api.example.com/x", "https://api.example.com/x"],
    ["trailing blanks", "https://api.example.com/x  ", "https://api.example.com/x"],
    ["leading control characters", "\x01\x1fhttps://api.example.com/", "https://api.example.com/"],
    ["a newline in the host", "https://api.exam\nple.com/x", "https://api.example.com/x"],
    ["a newline in the path", "https://api.example.com/a\nb", "https://api.example.com/ab"],
    [
      "a header in the path",
      "https://api.example.com/a\r\nX: y",
      "https://api.example.com/aX:%20y",
    ],
    ["a tab in the scheme", "ht\ttps://api.example.com/x", "https://api.example.com/x"],
    ["an empty port", "https://api.example.com:/x", "https://api.example.com/x"],
    ["the default port", "https://api.example.com:443/x", "https://api.example.com/x"],
    ["a port with zeros", "https://api.example.com:00443/x", "https://api.example.com/x"],
    ["capitals", "HTTPS://API.EXAMPLE.COM/X", "https://api.example.com/X"],
    ["an encoded host", "https://%61pi.example.com/x", "https://api.example.com/x"],
    ["full-width letters", "https://ａｐｉ.example.com/x", "https://api.example.com/x"],
    ["an ideographic full stop", "https://api。example。com/x", "https://api.example.com/x"],
    ["a soft hyphen", "https://api.ex\u00adample.com/x", "https://api.example.com/x"],
    ["a host outside ASCII", "https://bücher.example/x", "https://xn--bcher-kva.example/x"],
    [
      "a path outside ASCII",
      "https://api.example.com/é 你",
      "https://api.example.com/%C3%A9%20%E4%BD%A0",
    ],
    ["an encoded path", "https://api.example.com/%C3%a9%zz", "https://api.example.com/%C3%a9%zz"],
    ["NUL in the path", "https://api.example.com/a\0b", "https://api.example.com/a%00b"],
    ["a fragment", "https://api.example.com/x#y?z", "https://api.example.com/x"],
  ])("%s", async (_, target, called) => {
    expect(new URL(target).href.split("#")[0]).toBe(called);
    const gateway = gatewayUnderTest({ upstreams: RULES });
    expect((await gateway.send(signed({ target }))).status).toBe(200);
    expect(gateway.fetched[0]?.upstream.url.href).toBe(called);
  });
});

describe("a target that the URL parser refuses is refused", () => {
  test.each([
    "https://",
    "https://:443/",
    "https://exa mple.com/",
    "https://api.example.com:65536/",
    "https://api.example.com:x/",
    "https://[::1/",
    "https://[api.example.com]/",
    "https://256.0.0.1/",
    "https://api.example.com%00/",
    "https://a<b/",
    "https://xn--/",
    "//api.example.com/",
    "api.example.com",
    "",
  ])("%j", async (target) => {
    const gateway = gatewayUnderTest({ upstreams: RULES });
    const response = await gateway.send(signed({ target }));
    expect((await problemIn(response))["code"]).toBe("target_invalid");
    expect(gateway.fetched).toHaveLength(0);
  });
});

describe("another scheme is refused", () => {
  test.each(
    [
      "file",
      "data",
      "blob",
      "s3",
      "wsx",
      "wsss",
      "ftp",
      "javascript",
      "gopher",
      "unix",
      "httpx",
    ].map((scheme) => `${scheme}://api.example.com/x`),
  )("%s", async (target) => {
    const gateway = gatewayUnderTest({ upstreams: [{ headers: [], allowPrivate: true }] });
    const response = await gateway.send(signed({ target }));
    expect((await problemIn(response))["code"]).toBe("target_invalid");
    expect(gateway.fetched).toHaveLength(0);
  });
});

test.each([
  ["ws://api.example.com/x", "http://api.example.com/x"],
  ["wss://api.example.com/x", "https://api.example.com/x"],
  ["WSS://API.example.com:443/x?a=b", "https://api.example.com/x?a=b"],
])("%s is another spelling of %s", async (target, url) => {
  const gateway = gatewayUnderTest({
    upstreams: [{ headers: [], url: new URL(new URL(url).origin) }],
  });
  await gateway.send(signed({ target }));
  expect(gateway.fetched.map(({ upstream }) => upstream.url.href)).toEqual([url]);
});

describe("the target is read after the signature, and its host is short", () => {
  const codeOf = async (target: string, secret?: string) => {
    const gateway = gatewayUnderTest({ upstreams: RULES });
    const sign = secret === undefined ? {} : { secret };
    const problem = await problemIn(await gateway.send(signed({ target, sign })));
    return problem["code"];
  };

  test.each(["ftp://api.example.com/", "https://[::1/", "https://exa mple.com/", "nothing", ""])(
    "%j is a mismatch first",
    async (target) => {
      expect(await codeOf(target, "another secret")).toBe("signature_mismatch");
      expect(await codeOf(target)).toBe("target_invalid");
    },
  );

  test.each([
    ["", "https://", "/"],
    ["behind one slash", "https:/", "/"],
    ["behind no slash", "https:", "?"],
    ["behind backslashes", "https:\\\\", "\\"],
    ["behind blanks", "  https://", "#"],
    ["behind a tab between slashes", "https:/\t/", "/"],
    ["behind a line end in the scheme", "ht\ntps://", ""],
    ["behind user info", "https://user:password@", "/"],
    ["behind many slashes", `https:${"/".repeat(300)}`, "/"],
  ])("a host of 260 characters is none, whoever signs: %s", async (_, before, after) => {
    const target = `${before}${"a".repeat(260)}${after}`;
    for (const secret of [undefined, "another secret"]) {
      expect(await codeOf(target, secret)).toBe("target_invalid");
    }
  });

  test.each([
    `https://${"a".repeat(253)}:65535/`,
    `https://api.example.com/${"@".repeat(300)}`,
    `https://api.example.com?${"a".repeat(300)}`,
    `https:${"/".repeat(300)}api.example.com/`,
  ])("%s is short enough", async (target) => {
    expect(await codeOf(target, "another secret")).toBe("signature_mismatch");
  });
});
