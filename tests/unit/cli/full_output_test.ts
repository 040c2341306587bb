import { describe, expect, test } from "bun:test";
import { openSync } from "node:fs";
import { folderWith } from "../../support/folder.ts";
import { PROGRAM } from "../../support/run_signway.ts";

const SECRET = "a secret of more than 32 bytes, for tokens";
const CONFIG = JSON.stringify({ app: [{ id: "web", secrets: [SECRET], upstream: [{}] }] });
const URL_TO_SIGN = "https://api.example.com/v1/models";

/** Runs a command whose stdout takes nothing. */
async function runInto(stdout: number | "closed", args: string[]) {
  await using folder = await folderWith({ "signway.json": CONFIG });
  const { PATH = "", HOME = "" } = process.env;
  const command = [PROGRAM, ...args];
  // The shell waits until the reader of the pipe is gone.
  const intoClosedPipe = ["bash", "-c", 'set -o pipefail; { sleep 0.5; "$@"; } | true', "bash"];
  const child = Bun.spawn(stdout === "closed" ? [...intoClosedPipe, ...command] : command, {
    cwd: folder.path("."),
    env: { PATH, HOME, SW_ID: "web", SW_SECRET: SECRET },
    stdio: ["ignore", stdout === "closed" ? "ignore" : stdout, "pipe"],
  });
  const [stderr, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  return { stderr, code };
}

const COMMANDS: readonly string[][] = [
  ["sign", URL_TO_SIGN],
  ["sign", URL_TO_SIGN, "--json"],
  ["token"],
  ["check", "signway.json"],
  ["check", "--schema"],
  ["explain", "https://signway.example.com/"],
  ["help"],
  ["--version"],
];

describe("output that cannot be written is one line and exit code 1:", () => {
  test.each(COMMANDS.map((args) => [args]))("%j on a full disk", async (args) => {
    expect(await runInto(openSync("/dev/full", "w"), args)).toEqual({
      stderr: "signway: cannot write to stdout (ENOSPC)\n",
      code: 1,
    });
  });

  test.each(COMMANDS.map((args) => [args]))("%j into a pipe that nobody reads", async (args) => {
    expect(await runInto("closed", args)).toEqual({
      stderr: "signway: cannot write to stdout (EPIPE)\n",
      code: 1,
    });
  });
});

test("a mistake on a full stderr still has exit code 2", async () => {
  const stderr = openSync("/dev/full", "w");
  const child = Bun.spawn([PROGRAM, "--port", "x"], {
    env: {},
    stdio: ["ignore", "pipe", stderr],
  });
  expect([await child.exited, await new Response(child.stdout).text()]).toEqual([2, ""]);
});
