import { describe, expect, test } from "bun:test";
import { mistakesOf } from "../cli/command_line.ts";
import { folderWith } from "../../support/folder.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";
import { APP } from "./configured.ts";
import { FORMATS } from "./formats.ts";

const CANARY = "canary-7f3a9c";

/** The file's name, its text, and the place of the mistake. */
const CASES: [what: string, file: string, text: string, line: number, column: number][] = [
  ["an unfinished text", "a.toml", `listen = ":1"\nx = "${CANARY}\n`, 2, 6 + CANARY.length],
  ["a value that is none", "a.toml", `explain = ${CANARY}\n`, 1, 11],
  ["an unknown escape", "a.toml", `x = "${CANARY}\\q"\n`, 1, 7 + CANARY.length],
  ["a key given twice", "a.toml", `x = "${CANARY}"\nx = "${CANARY}"\n`, 2, 1],
  ["an unclosed list", "a.toml", `[[app]]\nsecrets = ["${CANARY}"\nid = 1\n`, 3, 1],
  ["a table given twice", "a.toml", `[cors]\n[cors]\n# ${CANARY}\n`, 2, 2],
  ["an unclosed bracket", "a.yaml", `a: 1\nsecrets: ["${CANARY}"\n`, 3, 1],
  ["a key given twice", "a.yaml", `x: ${CANARY}\nx: ${CANARY}\n`, 2, 1],
  ["a tab for a blank", "a.yaml", `app:\n\t- ${CANARY}\n`, 2, 1],
  ["a wrong indentation", "a.yml", `app:\n  - id: ${CANARY}\n secrets: []\n`, 3, 1],
  ["an unfinished text", "a.yml", `x: "${CANARY}\n`, 2, 1],
  ["two documents", "a.yaml", `x: ${CANARY}\n---\ny: ${CANARY}\n`, 2, 1],
  ["an unknown tag", "a.yaml", `x: !${CANARY} 1\n`, 1, 4],
  ["an alias", "a.yaml", `x: &name ${CANARY}\ny: *name\n`, 2, 4],
  ["an alias of nothing", "a.yaml", `secrets: [*${CANARY}]\n`, 1, 11],
  ["a list as a key", "a.yaml", `? [${CANARY}]\n: 1\n`, 1, 3],
  ["a missing comma", "a.json", `{"x": "${CANARY}"\n "y": 1}`, 2, 2],
  ["an unfinished text", "a.json", `{"x": "${CANARY}\n`, 1, 7],
  [
    "a long text without an end",
    "a.json",
    `["${CANARY}", "${"a".repeat(1_000_000)}`,
    1,
    6 + CANARY.length,
  ],
  ["a comma at the end", "a.json", `{"x": "${CANARY}",}`, 1, 10 + CANARY.length],
  ["a wrong number", "a.json", `["${CANARY}", 01]`, 1, 6 + CANARY.length],
  ["two values", "a.json", `{"x": "${CANARY}"}\n{}`, 2, 1],
  ["a wrong bracket", "a.json", `{"x": "${CANARY}"]`, 1, 9 + CANARY.length],
  ["YAML", "a.json", `x: ${CANARY}\n`, 1, 1],
  ["deep nesting", "a.json", "[".repeat(100_000), 1, 1001],
  ["a variable without quotes", "a.yaml", `a: 1\nsecrets: [\${SW_SECRET}]\n`, 2, 12],
  ["a key given twice", "a.json", `{"x": "${CANARY}",\n "x": "${CANARY}"}`, 2, 2],
  ["no end", "a.json", `{"x": ["${CANARY}"`, 1, 10 + CANARY.length],
];

const mistakesIn = (file: string, text: string) =>
  mistakesOf(["--config", file], { files: { [file]: text } });

describe("a syntax error is told by line and column, and shows nothing of the file:", () => {
  test.each(CASES)("%s in %s", (_, file, text, line, column) => {
    const mistakes = mistakesIn(file, text);
    expect(mistakes[0]).toStartWith(`${file}: line ${line}, column ${column}: `);
    expect(mistakes.join("\n")).not.toMatch(/canary|secrets/);
  });

  test.each(["a.toml", "a.yaml", "a.json"])("and so does signway check: %s", async (name) => {
    const [, , text = "", line, column] = CASES.find(([, file]) => file === name)!;
    const run = await runSignway(["check", name], { files: { [name]: text } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([...mistakesIn(name, text)]);
    expect(complaints(run)[0]).toStartWith(`${name}: line ${line}, column ${column}: `);
    expect(run.stderr).not.toMatch(/canary|secrets/);
    expect(complaints(run)).toHaveLength(run.stderr.trimEnd().split("\n").length - 1);
  });
});

test.each([
  [
    "a comment in JSON",
    ["a.json", `// ${CANARY}\n{}`],
    "a.json: line 1, column 1: JSON has no comments: remove it, or write TOML or YAML",
  ],
  [
    "a reference without quotes",
    ["a.yaml", "secrets: [${A}, {b: ${B}}]"],
    "a.yaml: line 1, column 12: a value with ${...} needs quotes in YAML",
  ],
  [
    "a reference on a line of its own",
    ["a.yaml", "secrets: [\n  ${A}\n]"],
    "a.yaml: line 2, column 4: a value with ${...} needs quotes in YAML",
  ],
] as const)("the remedy is told once: %s", (_, [file, text], mistake) => {
  expect(mistakesIn(file, text)).toEqual([mistake]);
});

describe("a file that is not UTF-8", () => {
  const text = `[[app]]\nid = "a\ufffd${CANARY}"\n`;
  const mistake =
    "is not valid UTF-8: line 2 has another byte, or the character U+FFFD that stands for one";

  test("is refused as the configuration", () => {
    expect(mistakesIn("a.toml", text)).toEqual([`a.toml ${mistake}`]);
  });

  test("is refused where a reference leads to it", () => {
    const config = JSON.stringify({ app: [{ ...APP, secrets: ["${file:/key}"] }] });
    const files = { "a.json": config, "/key": text };
    expect(mistakesOf(["--config", "a.json"], { files })).toEqual([
      `app[0].secrets[0]: the file /key ${mistake}`,
    ]);
  });

  test("is read as one by signway check", async () => {
    await using folder = await folderWith({});
    const path = folder.path("a.toml");
    await Bun.write(path, Uint8Array.from([0x61, 0x20, 0x3d, 0x20, 0x22, 0xe9, 0x22]));
    expect(complaints(await runSignway(["check", path]))).toEqual([
      expect.stringMatching(/ is not valid UTF-8: line 1 /),
    ]);
  });

  test.each(["a.toml", "a.yaml", "a.json"])("may begin with a byte-order mark: %s", (file) => {
    const [write] = FORMATS.flatMap(([extension, to]) => (file.endsWith(extension) ? [to] : []));
    expect(mistakesIn(file, `\ufeff${write!({ app: [APP] })}`)).toEqual([]);
  });
});

describe("what is no configuration at all:", () => {
  const nothing = "there is no app and no route: add an [[app]] or a [[route]]";
  test.each([
    ["an empty file", "a.toml", "", nothing],
    ["a comment alone", "a.toml", "# nothing yet\n", nothing],
    ["an empty file", "a.yaml", "", "a.yaml must contain a table of settings"],
    ["an empty file", "a.json", "\n", "a.json must contain a table of settings"],
    ["an empty table", "a.json", "{}", nothing],
    ["a list", "a.json", "[]", "a.json must contain a table of settings"],
    ["a text", "a.yaml", `${CANARY}\n`, "a.yaml must contain a table of settings"],
    ["another format", "a.ini", "[app]\n", "a.ini must end in .toml, .yaml, .yml or .json"],
    ["no extension", "config", "{}", "config must end in .toml, .yaml, .yml or .json"],
    ["a table in YAML, its extension in capitals", "a.Yaml", "{}", nothing],
    ["an empty file, its extension in capitals", "a.TOML", "", nothing],
    ["an empty table, its extension in capitals", "a.JSON", "{}", nothing],
  ])("%s in %s", (_, file, text, mistake) => {
    expect(mistakesIn(file, text)).toEqual([mistake]);
  });

  test.each([
    ["that is not there", "nowhere.toml", / nowhere\.toml does not exist$/],
    ["that is a folder", ".", / \. is a folder$/],
    ["that is empty", "a.toml", /^there is no app and no route: /],
  ])("a file %s", async (_, file, mistake) => {
    const run = await runSignway(["check", file], { files: { "a.toml": "" } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([expect.stringMatching(mistake)]);
  });
});
