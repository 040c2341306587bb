import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../lib/cli/arguments/commands.ts";
import type { Flag } from "../../../lib/cli/arguments/flags.ts";
import { SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { settingsOf } from "./command_line.ts";
import { runSignway } from "../../support/run_signway.ts";

const LINES = helpText().split("\n");
const FLAGS = Object.entries<Flag>(SERVE_FLAGS);

describe("the help", () => {
  test.each(COMMANDS)("of %s is at most 80 columns wide, in plain characters", (command) => {
    for (const line of helpText(command).split("\n")) {
      expect([line, line.length <= 80]).toEqual([line, true]);
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      expect(line).toBe(line.trimEnd());
    }
  });

  test("ends with one newline, and has no two empty lines in a row", () => {
    expect(helpText()).toMatch(/[^\n]\n$/);
    expect(helpText()).not.toContain("\n\n\n");
  });

  test("shows the original's command line and the environment's variables", () => {
    for (const part of ["ID SECRET", "SW_ID", "SW_SECRET", "--header", "signway"]) {
      expect(helpText()).toContain(part);
    }
  });

  test.each(FLAGS)("names --%s with its value", (name, { short, value }) => {
    const head = `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
    expect(LINES).toContain(`  ${head}`);
  });

  test.each(FLAGS)("describes --%s under its group", (name, { group, help, many }) => {
    const start = LINES.findIndex((line) => new RegExp(`^  (-\\w, )?--${name}( |$)`).test(line));
    const end = LINES.findIndex((line, i) => i > start && !line.startsWith("      "));
    const text = LINES.slice(start + 1, end)
      .map((line) => line.trim())
      .join(" ");
    expect(text).toBe(many ? `${help} Repeatable.` : help);
    expect(help).toMatch(/^[A-Za-z].*\.$/);
    const heading = LINES.slice(0, start).findLast((line) => /^\S.*:$/.test(line));
    expect(heading).toBe(`${group}:`);
  });
});

describe("a default that the help tells is the default", () => {
  const settings = settingsOf(["web", "a secret"]);
  test.each([
    ["head-timeout", settings.headTimeout],
    ["sse-heartbeat", settings.sseHeartbeat],
    ["port", settings.port],
    ["public-path", settings.publicPath],
    ["drain", settings.drain],
    ["max-expires", settings.maxExpires],
    ["clock-skew", settings.clockSkew],
    ["max-signed-body", settings.maxSignedBody],
    ["max-unverified-bytes", settings.maxUnverifiedBytes],
    ["log-level", settings.logLevel],
  ] as const)("--%s", (name, value) => {
    expect(SERVE_FLAGS[name].help).toMatch(
      new RegExp(`(Default:?|else) ([^.]* )?${String(value).replace("/", "\\/")}([.,;]|$)`),
    );
  });
});

test.each([
  ["nothing", "signway --help lists them"],
  ["toString", "signway --help lists them"],
  ["chekc", "did you mean check?"],
])("signway help %s is refused", async (name, remedy) => {
  expect(await runSignway(["help", name])).toEqual({
    code: 2,
    stdout: "",
    stderr: `signway: there is no such command: ${remedy}\nTry 'signway help --help'.\n`,
  });
});

describe("signway help and version say what the options do:", () => {
  test.each([
    [["help"], ["--help"]],
    [
      ["help", "serve"],
      ["serve", "--help"],
    ],
    [
      ["help", "check"],
      ["check", "--help"],
    ],
    [
      ["help", "sign"],
      ["sign", "--help"],
    ],
    [
      ["help", "token"],
      ["token", "--help"],
    ],
    [
      ["help", "explain"],
      ["explain", "--help"],
    ],
    [
      ["help", "try"],
      ["try", "--help"],
    ],
    ...["health", "init", "doctor", "completions", "ledger", "revoke", "prices"].map((name) => [
      ["help", name],
      [name, "--help"],
    ]),
    [["version"], ["--version"]],
  ])("%j", async (words, option) => {
    const [run, expected] = await Promise.all([runSignway(words), runSignway(option)]);
    expect(run.code).toBe(0);
    expect(run.stdout).not.toBe("");
    expect(run).toEqual(expected);
  });
});
