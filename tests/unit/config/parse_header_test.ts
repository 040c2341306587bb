import { describe, expect, test } from "bun:test";
import { parseHeader } from "../../../lib/config/parse_header.ts";

const SECRET = "canary-secret-value";

describe("parseHeader reads 'Name: value'", () => {
  test.each<[string, string, string]>([
    ["Authorization: Bearer abc", "Authorization", "Bearer abc"],
    ["Authorization:Bearer abc", "Authorization", "Bearer abc"],
    ["  X-Api-Key :  abc  ", "X-Api-Key", "abc"],
    ["X-Time: 12:34:56", "X-Time", "12:34:56"],
    ["X-Url: https://a.example/?b=c", "X-Url", "https://a.example/?b=c"],
    ["x: y", "x", "y"],
    ["X_Api_Key: abc", "X_Api_Key", "abc"],
    ["!#$%&'*+-.^_`|~09: a", "!#$%&'*+-.^_`|~09", "a"],
    ["X-Tab: a\tb", "X-Tab", "a\tb"],
    ["X-Latin: caf\xe9", "X-Latin", "caf\xe9"],
    ['X-Json: {"a": 1}', "X-Json", '{"a": 1}'],
    ["Cookie: a=b", "Cookie", "a=b"],
    ["X-Upgrade: a", "X-Upgrade", "a"],
  ])("%j", (text, name, value) => {
    expect(parseHeader(text)).toEqual([name, value]);
    expect(() => new Headers([[name, value]])).not.toThrow();
  });
});

describe("parseHeader refuses what no header can hold, and does not repeat the value", () => {
  test.each<[string, string, RegExp]>([
    ["nothing", "", /form 'Name: value'/],
    ["no colon", `Authorization Bearer ${SECRET}`, /form 'Name: value'/],
    ["the value alone", SECRET, /form 'Name: value'/],
    ["no name", `: ${SECRET}`, /form 'Name: value'/],
    ["a blank name", ` : ${SECRET}`, /form 'Name: value'/],
    ["a blank in the name", `X Api Key: ${SECRET}`, /form 'Name: value'/],
    ["a name outside ASCII", `X-Käy: ${SECRET}`, /form 'Name: value'/],
    ["a slash in the name", `X/Key: ${SECRET}`, /form 'Name: value'/],
    ["a newline in the name", `X\nKey: ${SECRET}`, /form 'Name: value'/],
    ["an equals sign for the colon", `X-Key=${SECRET}:`, /form 'Name: value'/],
    ["no value", "X-Key:", /an empty value/],
    ["a blank value", "X-Key:   ", /an empty value/],
    ["a newline in the value", `X-Key: ${SECRET}\nX-Other: a`, /no header may have/],
    ["CR in the value", `X-Key: ${SECRET}\rX-Other: a`, /no header may have/],
    ["CR LF in the value", `X-Key: ${SECRET}\r\n\r\nGET / HTTP/1.1`, /no header may have/],
    ["NUL in the value", `X-Key: ${SECRET}\0`, /no header may have/],
    ["a control character", `X-Key: ${SECRET}\x1b[2J`, /no header may have/],
    ["DEL in the value", `X-Key: ${SECRET}\x7f`, /no header may have/],
    ["a value beyond Latin-1", `X-Key: ${SECRET}你`, /no header may have/],
    ["an emoji", `X-Key: ${SECRET}🔑`, /no header may have/],
  ])("%s", (_, text, complaint) => {
    const mistake = parseHeader(text);
    expect(mistake).toMatch(complaint);
    expect(mistake).not.toContain(SECRET);
  });
});

describe("parseHeader refuses what the gateway itself sets", () => {
  test.each([
    "Connection",
    "content-length",
    "Expect",
    "HOST",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
  ])("%s", (name) => {
    expect(parseHeader(`${name}: ${SECRET}`)).toMatch(/^is not allowed/);
  });
});
