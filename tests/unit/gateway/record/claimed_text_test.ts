import { describe, expect, test } from "bun:test";
import { claimedId, claimedOrigin } from "../../../../lib/gateway/record/claimed_text.ts";

describe("claimedId", () => {
  test.each([
    ["web", "web"],
    ["é你🔑 with blanks", "é你🔑 with blanks"],
    ["x".repeat(64), "x".repeat(64)],
    ["x".repeat(65), "x".repeat(64)],
    ["x".repeat(7000), "x".repeat(64)],
    ["🔑".repeat(64), "🔑".repeat(32)],
    ["a\u0085b", "a\\u{85}b"],
    ["a\u009bb", "a\\u{9b}b"],
    ["a\u202eb", "a\\u{202e}b"],
    ["a\u2066b\u2069", "a\\u{2066}b\\u{2069}"],
    ["a\u200eb", "a\\u{200e}b"],
    ["a\u2028b\u2029", "a\\u{2028}b\\u{2029}"],
    ["a\ufeffb", "a\\u{feff}b"],
    ["a\ud800b", "a\\u{d800}b"],
    ["a\nb\x1b[31m", "a\\u{a}b\\u{1b}[31m"],
    ["a\u{e0041}b", "a\\u{e0041}b"],
    [`${"x".repeat(60)}\u202ey`, "x".repeat(60)],
  ])("of %j is %j", (id, shown) => {
    expect(claimedId(id)).toBe(shown);
  });

  test("holds no character that a terminal or a viewer acts on", () => {
    const odd = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code));
    for (const character of odd) {
      expect(claimedId(character)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});

describe("claimedOrigin", () => {
  test.each([
    ["https://api.example.com/v1?q=secret#x", "https://api.example.com"],
    ["HTTP://API.example.com:8443", "http://api.example.com:8443"],
    ["https:\\\\api.example.com\\v1", "https://api.example.com"],
    ["https:api.example.com?secret", "https://api.example.com"],
    ["  https://api.example.com/", "https://api.example.com"],
    ["https://user:password@api.example.com/", "https://api.example.com"],
    ["https://a@b@api.example.com/", "https://api.example.com"],
    ["https://[::1/", "https://[::1"],
    ["https://a\u202eb/", "https://a\\u{202e}b"],
    [`https://${"a".repeat(7000)}/`, `https://${"a".repeat(248)}`],
    ["ftp://api.example.com/", undefined],
    ["the secret", undefined],
    ["", undefined],
  ])("of %j is %j", (target, origin) => {
    expect(claimedOrigin(target)).toBe(origin as string);
  });
});
