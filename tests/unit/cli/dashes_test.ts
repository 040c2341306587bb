import { describe, expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { finished } from "../../support/finished.ts";
import { ROOT } from "../../support/root.ts";
import { PROGRAM, runSignway } from "../../support/run_signway.ts";

const SECRET = "-a secret for tests, of 32 bytes";

/** The line that a gateway writes when it listens; throws when it does not. */
async function startLine(command: readonly string[]): Promise<Record<string, unknown>> {
  const { PATH = "" } = process.env;
  await using folder = await folderWith();
  const child = Bun.spawn([...command], {
    cwd: folder.path("."),
    env: { PATH, PORT: "0" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  for await (const piece of child.stdout) {
    text += new TextDecoder().decode(piece);
    if (!text.includes('"listening"')) continue;
    child.kill("SIGKILL");
    return JSON.parse(text.trim().split("\n").at(-1)!) as Record<string, unknown>;
  }
  throw new Error(text + (await new Response(child.stderr).text()));
}

const BUN = process.execPath;
const SERVER = `${ROOT}/server.ts`;

describe("an id or secret with a dash comes behind --", () => {
  test.each([
    ["first", [BUN, SERVER, "--", "-i", SECRET], "-i"],
    ["first, and a secret with a dash", [BUN, SERVER, "--", "web", SECRET], "web"],
    ["first, with bun run", [BUN, "run", SERVER, "--", "-i", SECRET], "-i"],
    ["behind a command", [BUN, SERVER, "serve", "--", "-i", SECRET], "-i"],
    ["first, with a binary", [PROGRAM, "--", "-i", SECRET], "-i"],
    ["behind an option", [BUN, SERVER, "--drain", "1", "--", "-i", SECRET], "-i"],
  ])("%s", async (_, command, app) => {
    expect(await startLine(command)).toMatchObject({ app });
  });

  test("and without it is refused, unquoted", async () => {
    const { code, stderr } = await runSignway(["web", SECRET]);
    expect(code).toBe(2);
    expect(stderr).toContain("put -- before ID and SECRET");
    expect(stderr).not.toContain(SECRET);
  });

  test("options behind it that bun has taken away are options", async () => {
    const child = Bun.spawn([BUN, SERVER, "--", "--version"], { stdout: "pipe", stderr: "pipe" });
    const { code, stdout } = await finished(child);
    expect([code, stdout.startsWith("signway ")]).toEqual([0, true]);
  });
});
