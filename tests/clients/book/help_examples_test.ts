import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../lib/cli/arguments/commands.ts";
import { helpText } from "../../../lib/cli/commands/help.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { testProgram } from "../../support/test_program.ts";
import { finished } from "../../support/finished.ts";
import { folderWith } from "../../support/folder.ts";

const SECRET = "a secret of more than 32 bytes, as tokens need";
const URL_OF_MODELS = "https://api.openai.com/v1/models";
const APP = {
  id: "web",
  secrets: [SECRET],
  upstream: [{ url: "https://api.openai.com/v1/" }],
};
const FILES = {
  secret: SECRET,
  token: "an-admin-token-of-more-than-16-bytes",
  "request.json": '{"model": "gpt-5-mini", "input": "Hello"}',
  "signway.json": JSON.stringify({ app: [APP] }),
};

/** The examples in the help of a command: its lines that are indented, but for comments and usage. */
function examplesOf(command: string): string {
  const introduction = `${helpText(command).split(/\n\n(?=[A-Z][^\n]*:\n {2}-)/)[0]}\n`;
  const after = /^(?:Examples?:|.*:)\n((?: {2}.*\n|\n)*)/gm;
  const parts = [...introduction.matchAll(after)].filter(([whole]) => !/^(Usage|Exit)/.test(whole));
  return parts.map(([, lines]) => lines!.replace(/^ {2}/gm, "")).join("\n");
}

const WITH_EXAMPLES = COMMANDS.filter((name) => /signway/.test(examplesOf(name))).filter(
  (name) => !["serve", "help", "version"].includes(name),
);

/** Runs a script in a folder with the files that examples name, with what it needs as functions of the shell. */
async function runExamples(script: string, folder: string) {
  const functions = [
    // 2 is the exit code for a mistake in a command line.
    `signway() { ${await testProgram()} "$@" || [ $? -ne 2 ] || echo WRONG "$@" >&2; }`,
    // Nothing is sent: what matters is the command line.
    "curl() { printf '%s\\n' \"$@\"; }",
    `url="$(signway sign ${URL_OF_MODELS})"`,
  ];
  const env = { SW_ID: "web", SW_SECRET: SECRET, PORT: "0", OPENAI_API_KEY: "sk", PASSWORD: "p" };
  return Bun.spawn(["sh", "-c", `${functions.join("\n")}\n${script}`], {
    cwd: folder,
    env: { ...env, PATH: process.env["PATH"]!, HOME: "/nowhere" },
    stderr: "pipe",
  });
}

describe("the help has examples", () => {
  test("of most commands", () => {
    expect(WITH_EXAMPLES).toEqual(
      expect.arrayContaining(["sign", "token", "explain", "try", "ledger", "revoke"]),
    );
  });

  test.each(WITH_EXAMPLES)("of signway %s, whose command lines are right", async (command) => {
    await using folder = await folderWith(FILES);
    const script = examplesOf(command)
      .replaceAll("signway.toml", "signway.json")
      // It asks at a terminal, and tests/unit/cli/init_test.ts answers.
      .replace(/^signway init$/m, "");
    const { stderr } = await finished(await runExamples(script, folder.path(".")));
    expect(stderr).not.toContain("WRONG");
  });

  const starts = examplesOf("serve").split(/\n\n/);

  test.each(starts)("of a gateway that starts: %s", async (example) => {
    await using folder = await folderWith(FILES);
    const script = example
      .replace(/^#.*\n/gm, "")
      .replace("signway ", `exec ${await testProgram()} `);
    const gateway = await runExamples(script, folder.path("."));
    let output = "";
    const reading = (async () => {
      for await (const bytes of gateway.stdout) output += Buffer.from(bytes).toString();
    })();
    await waitUntil("it listens", async () => output.includes("listening"));
    gateway.kill();
    await reading;
    expect(await gateway.exited).toBe(0);
  });
});
