import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../lib/cli/arguments/commands.ts";
import { SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { TOKEN_FLAGS } from "../../../lib/cli/arguments/token_flags.ts";
import { COMMAND_TABLE } from "../../../lib/cli/support/help/command_table.ts";
import { finished } from "../../support/finished.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { folderWith } from "../../support/folder.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

const FILES = { "signway.toml": "", "a file.toml": "", "sub/x.toml": "" };

async function run(command: string[], cwd: string) {
  const { PATH = "", HOME = "" } = process.env;
  return await finished(
    Bun.spawn(command, {
      cwd,
      env: { PATH, HOME: HOME || cwd, TERM: "dumb" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    }),
  );
}

async function scriptOf(shell: string): Promise<string> {
  const { code, stdout, stderr } = await runSignway(["completions", shell]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

/** What a shell proposes for the last word of a command line. */
type Complete = (words: string[], cwd: string) => Promise<string[]>;

const SHELLS: Record<string, { command: string; complete: (script: string) => Complete }> = {
  bash: {
    command: "bash",
    complete: (script) => async (words, cwd) => {
      const list = words.map((word) => `'${word}'`).join(" ");
      const ask = `${script}
        COMP_WORDS=(signway ${list}); COMP_CWORD=${words.length}
        complete -p signway | grep -q -- '-F _signway signway' || exit 3
        _signway
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { code, stdout, stderr } = await run(["bash", "--norc", "-c", ask], cwd);
      expect([code, stderr]).toEqual([0, ""]);
      return stdout.split("\n").filter(Boolean);
    },
  },
  zsh: {
    command: "zsh",
    complete: (script) => async (words, cwd) => {
      await Bun.write(`${cwd}/.completions/_signway`, script);
      const terminal = `${ROOT}/tests/support/zsh_completions.py`;
      const { code, stdout } = await run(
        ["python3", terminal, ["signway", ...words].join(" ")],
        cwd,
      );
      expect(code).toBe(0);
      return stdout.split("\n").filter(Boolean);
    },
  },
  fish: {
    command: "fish",
    complete: (script) => async (words, cwd) => {
      await Bun.write(`${cwd}/.completions/signway.fish`, script);
      const line = ["signway", ...words].join(" ");
      const ask = `source .completions/signway.fish; complete -C '${line}'`;
      const { code, stdout, stderr } = await run(["fish", "--no-config", "-c", ask], cwd);
      expect([code, stderr]).toEqual([0, ""]);
      return stdout
        .split("\n")
        .map((text) => text.split("\t")[0]!)
        .filter(Boolean);
    },
  },
};

const long = (flags: object): string[] => Object.keys(flags).map((name) => `--${name}`);

/** Words, and what has to be proposed for the last of them. */
const CASES: [words: string[], proposed: string[]][] = [
  [[""], [...COMMANDS]],
  [["pri"], ["prices"]],
  [["--log-l"], ["--log-level"]],
  [
    ["--log-level", ""],
    ["debug", "info", "warn", "error", "silent"],
  ],
  [["serve", "--log-format", "j"], ["json"]],
  [["token", "--max-"], ["--max-output-tokens"]],
  [
    ["token", "--env", ""],
    ["openai", "anthropic", "google"],
  ],
  [["token", "--subject", ""], []],
  [["check", "sign"], ["signway.toml"]],
  [["token", "--config", "sign"], ["signway.toml"]],
  [
    ["completions", ""],
    ["bash", "zsh", "fish"],
  ],
  [
    ["help", "he"],
    ["health", "help"],
  ],
  [["init", "--place", "c"], ["container"]],
  [["sign", ""], []],
];

for (const [shell, { command, complete }] of Object.entries(SHELLS)) {
  const found = await requirement(`the Debian package ${command}`, async () => {
    if (!Bun.which(command)) throw new Error(`${command} is not in PATH`);
    return await Promise.resolve(true);
  });

  describe.skipIf("reason" in found)(`in ${shell}, signway completions ${shell} proposes`, () => {
    test.each(CASES)("for %j: %j", async (words, proposed) => {
      await using folder = await folderWith(FILES);
      const proposals = await complete(await scriptOf(shell))(words, folder.path("."));
      // Where it has nothing else, zsh proposes options without a dash too.
      const isOption = words.at(-1)!.startsWith("-");
      const asked = proposals.filter((word) => isOption || !word.startsWith("-"));
      expect(asked.toSorted()).toEqual(proposed.toSorted());
    });

    test("every option of every command", async () => {
      await using folder = await folderWith();
      const ask = complete(await scriptOf(shell));
      const rows = [
        ["serve", SERVE_FLAGS],
        ["token", TOKEN_FLAGS],
        ["try", COMMAND_TABLE.try.flags],
      ] as const;
      for (const [name, flags] of rows) {
        const proposals = await ask([name, "--"], folder.path("."));
        expect(proposals.filter((word) => word.startsWith("--")).toSorted()).toEqual(
          long(flags).toSorted(),
        );
      }
    });
  });
}

test("in bash, names of files with spaces stay whole", async () => {
  await using folder = await folderWith(FILES);
  const ask = SHELLS["bash"]!.complete(await scriptOf("bash"));
  expect(await ask(["check", "a"], folder.path("."))).toEqual(["a file.toml"]);
});

test.each([[[]], [["canary"]], [["bash", "canary"]]])(
  "signway completions refuses %j",
  async (args) => {
    const refused = await runSignway(["completions", ...args]);
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(complaints(refused)).toEqual([expect.stringContaining("bash, zsh or fish")]);
    expect(refused.stderr).not.toContain("canary");
  },
);
