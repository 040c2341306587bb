import { describe, expect, test } from "bun:test";
import { API_NAMES, CREDENTIALS, PLACES } from "../../../lib/cli/arguments/init_flags.ts";
import { check } from "../../../lib/cli/commands/check.ts";
import { init } from "../../../lib/cli/commands/init.ts";
import { INIT_FLAGS } from "../../../lib/cli/arguments/init_flags.ts";
import { parseArguments } from "../../../lib/cli/arguments/parse_arguments.ts";
import { finished } from "../../support/finished.ts";
import { ROOT } from "../../support/root.ts";
import { type Folder, folderWith } from "../../support/folder.ts";
import { complaints, PROGRAM, runSignway } from "../../support/run_signway.ts";

const ENV = {
  SW_SECRET: "a secret for tests, of 32 bytes.",
  OPENAI_API_KEY: "key",
  ANTHROPIC_API_KEY: "key",
  GEMINI_API_KEY: "key",
  API_KEY: "key",
};

const ORIGINS = [[], ["https://a.example"], ["https://a.example", "http://localhost:5173"]];

const MATRIX = [...API_NAMES, "https://api.example.com/v1/", "http://10.0.0.1:8080"].flatMap(
  (api) =>
    ORIGINS.flatMap((origins) =>
      CREDENTIALS.flatMap((credential) =>
        PLACES.map((place) => ({ api, origins, credential, place })),
      ),
    ),
);

type Case = (typeof MATRIX)[number];

function argumentsOf({ api, origins, credential, place }: Case): string[] {
  const answers = ["--api", api, "--credential", credential, "--place", place];
  return [...answers, ...origins.flatMap((origin) => ["--origin", origin])];
}

/** The file that the command writes, without a file system. */
async function written(args: string[]): Promise<string> {
  let text = "";
  await init(parseArguments(args, INIT_FLAGS), {
    exists: () => false,
    write: (_, given) => void (text = given),
  });
  return text;
}

const described = (text: string): string =>
  check(["signway.toml"], { schema: false, env: ENV, read: () => text });

describe("the file that signway init writes", () => {
  test.each(MATRIX)("passes signway check without a warning: %j", async (row) => {
    const text = await written(argumentsOf(row));
    const description = described(text);
    expect(description).not.toContain("Warning");
    expect(description).toContain(new URL(row.api.includes(":") ? row.api : "https://api").host);
    for (const origin of row.origins) expect(description).toContain(origin);
    expect(/A token signed/.test(description)).toBe(row.credential === "token");
  });

  test.each(MATRIX)("still passes when what it only proposes is switched on: %j", async (row) => {
    const text = await written(argumentsOf(row));
    // A setting that is switched off, and no sentence.
    const on = text.replace(/^( *)# (\[[\w.]+\]|\w+ = ["[\d].*)$/gm, "$1$2");
    expect(on).not.toBe(text);
    expect(described(on)).not.toContain("Warning");
  });

  test("has no secret, and names where each comes from", async () => {
    for (const row of MATRIX) {
      const text = await written(argumentsOf(row));
      const values = [...text.matchAll(/^\s*(?:secrets|headers) = (.*)$/gm)].map(
        ([, value]) => value,
      );
      expect(values).toHaveLength(2);
      for (const value of values) expect(value).toMatch(/\$\{[A-Z_]+\}/);
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    }
  });
});

describe("signway init", () => {
  const inFolder = async (folder: Folder, args: string[]) => {
    const { PATH = "", HOME = "" } = process.env;
    return await finished(
      Bun.spawn([PROGRAM, "init", ...args], {
        cwd: folder.path("."),
        env: { PATH, HOME },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      }),
    );
  };

  test("replaces a file with --force alone", async () => {
    await using folder = await folderWith({ "signway.toml": "mine" });
    const refused = await inFolder(folder, ["--api", "openai"]);
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(complaints(refused)).toEqual([
      "signway.toml exists: name another file, or replace it with --force",
    ]);
    expect(await Bun.file(folder.path("signway.toml")).text()).toBe("mine");
    const forced = await inFolder(folder, ["--api", "openai", "--force"]);
    expect(forced).toMatchObject({ code: 0, stderr: "" });
    expect(await Bun.file(folder.path("signway.toml")).text()).toContain("[[app]]");
    expect((await inFolder(folder, ["other.toml", "--api", "google"])).code).toBe(0);
    const unwritable = await inFolder(folder, ["no/folder.toml", "--api", "google"]);
    expect(complaints(unwritable)).toEqual(["no/folder.toml cannot be written (ENOENT)"]);
  });

  test("mounts the file into a container by its absolute path", async () => {
    await using folder = await folderWith();
    const absolute = folder.path("c.toml");
    const sources = { "a b.toml": `"$PWD"/'a b.toml'`, [absolute]: absolute };
    for (const [file, source] of Object.entries(sources)) {
      const run = await inFolder(folder, [file, "--api", "openai", "--place", "container"]);
      expect(run.stdout).toContain(`  -v ${source}:/etc/signway/signway.toml:ro -e SW_SECRET `);
      expect(run.stdout).not.toContain("\n   signway --config");
    }
  });

  test.each([
    [[], ["--api is missing, and there is no terminal to ask at"]],
    [["canary"], ["init takes one FILE that ends in .toml", "--api is missing"]],
    [["a.toml", "b.toml", "--api", "openai"], ["'signway serve ID SECRET'"]],
    [["--api", "canary"], ["--api: the API is not an absolute http or https URL"]],
    [["--api", "https://u:canary@a.example"], ["--api: the API contains credentials"]],
    [["--api", "https://a.example/?canary=1"], ["--api: the API has a query or a fragment"]],
    [
      ["--api", "openai", "--origin", "canary", "--credential", "canary", "--place", "canary"],
      ["--origin: an origin is", "--credential: the answer is token or url", "--place: the answer"],
    ],
  ])("refuses %j and writes nothing", async (args, expected) => {
    await using folder = await folderWith();
    const run = await inFolder(folder, args);
    expect([run.code, run.stdout]).toEqual([2, ""]);
    for (const part of expected) expect(run.stderr).toContain(part);
    expect(run.stderr).not.toContain("canary");
    expect([...new Bun.Glob("*").scanSync(folder.path("."))]).toEqual([]);
  });

  const atTerminal = async (folder: Folder, script: string[][], args: string[] = []) => {
    const { PATH = "", HOME = "" } = process.env;
    const command = ["python3", `${ROOT}/tests/support/pseudo_terminal.py`, JSON.stringify(script)];
    return await finished(
      Bun.spawn([...command, PROGRAM, "init", ...args], {
        cwd: folder.path("."),
        env: { PATH, HOME, TERM: "xterm" },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
      }),
    );
  };

  test("asks four questions at a terminal, and a wrong answer again", async () => {
    await using folder = await folderWith();
    const run = await atTerminal(folder, [
      ["Which API", "nothing\r"],
      ["not an absolute http", "anthropic\r"],
      ["Which pages", "https://a.example, https://b.example\r"],
      ["What do callers get", "url\r"],
      ["Where does", "proxy\r"],
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("What to do next");
    const text = await Bun.file(folder.path("signway.toml")).text();
    const flags = ["--api", "anthropic", "--credential", "url", "--place", "proxy"];
    const origins = ["--origin", "https://a.example", "--origin", "https://b.example"];
    expect(text).toBe(await written([...flags, ...origins]));
  });

  test("takes an empty line for the proposal, and asks only what no option answers", async () => {
    await using folder = await folderWith();
    const answers = [
      ["Which API", "\r"],
      ["Which pages", "\r"],
      ["Where does", "\r"],
    ];
    const run = await atTerminal(folder, answers, ["--credential", "url"]);
    expect(run.code).toBe(0);
    expect(run.stdout).not.toContain("What do callers get");
    const text = await Bun.file(folder.path("signway.toml")).text();
    expect(text).toBe(await written(["--api", "openai", "--credential", "url"]));
  });

  test("takes four answers that are pasted at once", async () => {
    await using folder = await folderWith();
    const pasted = ["anthropic", "https://a.example", "url", "proxy"];
    const run = await atTerminal(folder, [
      ["Which API", pasted.map((line) => `${line}\r`).join("")],
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const flags = ["--api", "anthropic", "--credential", "url", "--place", "proxy"];
    const text = await Bun.file(folder.path("signway.toml")).text();
    expect(text).toBe(await written([...flags, "--origin", "https://a.example"]));
  });

  test.each([
    ["Ctrl-D", "\x04"],
    ["Ctrl-C", "\x03"],
  ])("writes nothing after %s", async (_, key) => {
    await using folder = await folderWith();
    const run = await atTerminal(folder, [
      ["Which API", "\r"],
      ["Which pages", key],
    ]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("nothing was written");
    expect([...new Bun.Glob("*").scanSync(folder.path("."))]).toEqual([]);
  });
});

test("signway init x is told of the way to start a gateway for the app init", async () => {
  const run = await runSignway(["init", "canary-secret"]);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("'signway serve ID SECRET'");
  expect(run.stderr).not.toContain("canary");
});
