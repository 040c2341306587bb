import { expect, test } from "bun:test";
import { fillCommands } from "../../build/reference/cli_page.ts";
import { COMMANDS } from "../../lib/cli/arguments/commands.ts";
import { SERVE_FLAGS } from "../../lib/cli/arguments/serve_flags.ts";
import { runSignway } from "../support/run_signway.ts";
import { ROOT } from "../support/root.ts";

const PAGE = await Bun.file(`${ROOT}/docs/cli.md`).text();

/** The options that a text has at the beginning of a line, or of a row of a table. */
const optionsIn = (text: string): string[] =>
  [...text.matchAll(/^(?: {2}|\| `)(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, name]) => name!);

test("docs/cli.md is what `bun run docs` writes, with every option of the gateway", () => {
  expect(fillCommands(PAGE)).toBe(PAGE);
  const [, serve = ""] = PAGE.split(/^## signway /m);
  expect(optionsIn(serve)).toEqual(Object.keys(SERVE_FLAGS).map((name) => `--${name}`));
});

const OTHERS = COMMANDS.filter((name) => !["serve", "help", "version"].includes(name));

test.each(OTHERS)("docs/cli.md has every option that signway %s --help prints", async (command) => {
  const section = PAGE.split(/^## signway /m).find((text) => text.startsWith(`${command}\n`))!;
  const { stdout } = await runSignway([command, "--help"]);
  expect(optionsIn(section)).toEqual(optionsIn(stdout));
  expect(optionsIn(section).length).toBeGreaterThan(0);
});
