import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../lib/cli/arguments/commands.ts";
import { manualPage } from "../../../lib/cli/support/help/manual_page.ts";
import { COMMAND_TABLE } from "../../../lib/cli/support/help/command_table.ts";
import { SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { finished } from "../../support/finished.ts";
import { requirement } from "../../support/requirement.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";

const PAGE = manualPage();

async function render(command: string[]) {
  await using folder = await folderWith({ "signway.1": PAGE });
  return await finished(
    Bun.spawn([...command, folder.path("signway.1")], {
      env: { PATH: process.env["PATH"] ?? "", MANWIDTH: "100", LC_ALL: "C" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    }),
  );
}

test("signway help --man prints the page", async () => {
  expect(await runSignway(["help", "--man"])).toEqual({ code: 0, stdout: PAGE, stderr: "" });
});

const LINTS: Record<string, string[]> = {
  man: ["man", "--warnings", "-l"],
  groff: ["groff", "-man", "-Tascii", "-ww", "-z"],
  // What it calls style is about the source. No date, so that a commit has one page alone.
  mandoc: ["mandoc", "-T", "lint", "-W", "warning"],
};

describe.each(Object.entries(LINTS))("%s", async (name, command) => {
  const found = await requirement(`the program ${name}`, async () => {
    if (!Bun.which(name)) throw new Error(`${name} is not in PATH`);
    return await Promise.resolve(true);
  });

  test.skipIf("reason" in found)("finds no mistake in the manual page", async () => {
    const { stdout, stderr } = await render(command);
    const complaints = (name === "man" ? stderr : stdout + stderr)
      .split("\n")
      .filter((line) => line !== "" && !line.includes("missing date"));
    expect(complaints).toEqual([]);
  });
});

const man = await requirement("the program man", async () => {
  if (!Bun.which("man")) throw new Error("man is not in PATH");
  return await Promise.resolve(true);
});

test.skipIf("reason" in man)(
  "the manual page has every command and option, as the help has",
  async () => {
    const { stdout } = await render(["man", "-l"]);
    const text = stdout.replace(/.\x08/g, "").replace(/\s+/g, " ");
    for (const command of COMMANDS.filter((name) => name !== "serve")) {
      expect(text).toContain(`signway ${command}`);
    }
    const rows = [SERVE_FLAGS, ...Object.values(COMMAND_TABLE).map(({ flags }) => flags)];
    for (const [name, { value, help }] of rows.flatMap((flags) => Object.entries(flags))) {
      expect(text).toContain(`--${name}${value ? ` ${value}` : ""} `);
      // Lines are broken at dashes too.
      expect(text.replaceAll("- ", "-")).toContain(help.replaceAll("- ", "-"));
    }
  },
);
