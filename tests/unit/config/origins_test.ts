import { describe, expect, test } from "bun:test";
import { mistakesOf } from "../cli/command_line.ts";
import { APP, mistakesOfFile, ROUTE } from "./configured.ts";

const PATTERNS = [
  "https://*.a.example",
  "https://*",
  "http://*:3000",
  "https://a.*",
  "https://a*.example",
  "https://a.example:*",
  "*.a.example",
  "*://a.example",
  "**",
];

describe("an origin with * inside is a mistake, for it would match nothing", () => {
  test.each(PATTERNS)("%s", (pattern) => {
    const cors = { allow_origins: ["https://b.example", pattern] };
    const files = [
      { app: [APP], cors },
      { app: [{ ...APP, cors }] },
      { route: [{ ...ROUTE, cors }] },
    ];
    for (const file of files) {
      expect(mistakesOfFile(file)).toEqual([
        expect.stringMatching(/allow_origins\[1\] .*contains a \*:/),
      ]);
    }
    const args = ["web", "a secret", "--access-control-allow-origin", pattern];
    expect(mistakesOf(args)).toEqual([
      expect.stringMatching(/--access-control-allow-origin .*contains a \*:/),
    ]);
  });

  test.each(["*", "null", "https://a.example", "http://localhost:3000"])("%s is none", (origin) => {
    expect(mistakesOfFile({ app: [APP], cors: { allow_origins: [origin] } })).toEqual([]);
  });
});
