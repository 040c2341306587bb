import { describe, expect, test } from "bun:test";
import { mistakesOf } from "../cli/command_line.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

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
  ["an unfinished text", "a.json", `{"x": "${CANARY}\n`, 2, 1],
  ["a key given twice", "a.json", `{"x": "${CANARY}",\n "x": "${CANARY}"}`, 2, 2],
  ["no end", "a.json", `{"x": ["${CANARY}"`, 1, 10 + CANARY.length],
];

const mistakesIn = (file: string, text: string) =>
  mistakesOf(["--config", file], { files: { [file]: text } });

describe("a syntax error is told by line and column, and shows nothing of the file:", () => {
  test.each(CASES)("%s in %s", (_, file, text, line, column) => {
    const mistakes = mistakesIn(file, text);
    expect(mistakes[0]).toStartWith(`line ${line}, column ${column}: `);
    expect(mistakes.join("\n")).not.toMatch(/canary|secrets/);
  });

  test.each(["a.toml", "a.yaml", "a.json"])("and so does signway check: %s", async (name) => {
    const [, , text = "", line, column] = CASES.find(([, file]) => file === name)!;
    const run = await runSignway(["check", name], { files: { [name]: text } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([...mistakesIn(name, text)]);
    expect(complaints(run)[0]).toStartWith(`line ${line}, column ${column}: `);
    expect(run.stderr).not.toMatch(/canary|secrets/);
    expect(complaints(run)).toHaveLength(run.stderr.trimEnd().split("\n").length - 1);
  });
});

describe("what is no configuration at all:", () => {
  const nothing = "there is no app and no route: add an [[app]] or a [[route]]";
  test.each([
    ["an empty file", "a.toml", "", nothing],
    ["a comment alone", "a.toml", "# nothing yet\n", nothing],
    ["an empty file", "a.yaml", "", "a.yaml must contain a table of settings"],
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
    ["that is not there", "nowhere.toml", / cannot be read$/],
    ["that is a folder", ".", / cannot be read$/],
    ["that is empty", "a.toml", /^there is no app and no route: /],
  ])("a file %s", async (_, file, mistake) => {
    const run = await runSignway(["check", file], { files: { "a.toml": "" } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([expect.stringMatching(mistake)]);
  });
});
