import { describe, expect, test } from "bun:test";
import { warningsOf } from "../../../../lib/config/warnings/warnings.ts";
import { mistakesOf, settingsOf } from "../../cli/command_line.ts";

describe("an empty or blank secret is refused at the start", () => {
  test.each<[string, string[], Record<string, string>]>([
    ["none", ["my-id"], {}],
    ["empty", ["my-id", ""], {}],
    ["a blank", ["my-id", " "], {}],
    ["white space", ["my-id", " \t\n\r "], {}],
    ["a no-break space", ["my-id", "\xa0"], {}],
    ["empty in the environment", [], { SW_ID: "my-id", SW_SECRET: "" }],
    ["blank in the environment", [], { SW_ID: "my-id", SW_SECRET: "\n" }],
    ["empty before a good one in the environment", ["my-id", ""], { SW_SECRET: "x".repeat(32) }],
  ])("%s", (_, args, env) => {
    expect(mistakesOf(args, { env })).toEqual([
      expect.stringMatching(/^SECRET \(.*\) (is missing|must be)/),
    ]);
  });
});

describe("a secret under 16 bytes is warned of", () => {
  test.each([
    ["1 byte", "x", true],
    ["15 bytes", "x".repeat(15), true],
    ["16 bytes", "x".repeat(16), false],
    ["15 characters of 16 bytes", `${"x".repeat(14)}é`, false],
    ["32 bytes", "x".repeat(32), false],
  ])("%s", (_, secret, expected) => {
    const warnings = warningsOf(settingsOf(["my-id", secret]), false);
    expect(warnings.some(({ code }) => code === "secret_short")).toBe(expected);
    if (secret.length > 1) expect(JSON.stringify(warnings)).not.toContain(secret);
  });

  test("any of several", () => {
    const settings = settingsOf(["my-id", "x".repeat(32)]);
    const apps = settings.apps.map((app) => ({ ...app, secrets: ["x".repeat(32), "short"] }));
    const codes = warningsOf({ ...settings, apps }, false).map(({ code }) => code);
    expect(codes).toEqual(["secret_short"]);
  });
});
