import { describe, expect, test } from "bun:test";
import { expandReferences } from "../../../lib/config/text/references.ts";

const VARIABLES: Record<string, string> = {
  NAME: "value",
  EMPTY: "",
  NESTED: "${NAME}",
  PATTERN: "$& $1 $$",
  CREDENTIALS_DIRECTORY: "/credentials",
};

const FILES: Record<string, string> = {
  "/key": "from a file\n",
  "/two": "two\n\n",
  "/windows": "windows\r\n",
  "/bare": "bare",
  "/lines": "a\nb\n",
  "/empty": "",
  "/${NAME": "odd",
  "/credentials/api.key-1": "credential\n",
};

const sources = (variables = VARIABLES) => ({
  variable: (name: string) => variables[name],
  file: (path: string) => FILES[path],
});

const expand = (value: unknown) => expandReferences(value, sources());

describe("expandReferences replaces", () => {
  test.each([
    ["an environment variable", "${NAME}", "value"],
    ["a reference inside a text", "Bearer ${NAME}!", "Bearer value!"],
    ["several of them", "${NAME}-${file:/bare}-${NAME}", "value-bare-value"],
    ["a file, without its last newline", "${file:/key}", "from a file"],
    ["only the last newline", "${file:/two}", "two\n"],
    ["a newline of two characters", "${file:/windows}", "windows"],
    ["a file that has no newline", "${file:/bare}", "bare"],
    ["no newline in the middle", "${file:/lines}", "a\nb"],
    ["an empty file", "${file:/empty}", ""],
    ["a credential", "${credential:api.key-1}", "credential"],
    ["nothing in what it put in", "${NESTED}", "${NAME}"],
    ["no pattern in what it put in", "${PATTERN}", "$& $1 $$"],
    ["nothing without both braces", "$NAME {NAME} $ {NAME}", "$NAME {NAME} $ {NAME}"],
  ])("%s", (_, text, expected) => {
    expect(expand(text)).toMatchObject({ value: expected, mistakes: [] });
  });

  test("nothing that is not closed, which would be taken for a secret as it stands", () => {
    const { mistakes } = expand("${NAME");
    expect(mistakes).toEqual([expect.stringContaining("a reference has no closing }")]);
  });

  test("texts at any depth, and nothing else", () => {
    const value = { a: [{ b: "${NAME}" }, 1, true, null], "${NAME}": "c" };
    expect(expand(value).value).toEqual({ a: [{ b: "value" }, 1, true, null], "${NAME}": "c" });
  });
});

describe("expandReferences reports", () => {
  test.each([
    ["a variable that is not set", "${UNSET}", "the environment variable UNSET is not set"],
    ["a variable that is empty", "${EMPTY}", "the environment variable EMPTY is not set"],
    ["no name", "${}", "the environment variable  is not set"],
    ["a file that cannot be read", "${file:/none}", "the file /none does not exist"],
    ["a credential that is not there", "${credential:none}", "the credential none does not exist"],
    [
      "a way out",
      "${credential:../key}",
      '"../key" is not a valid credential name: use letters, digits, _, . and -',
    ],
    [
      "a credential without a name",
      "${credential:}",
      '"" is not a valid credential name: use letters, digits, _, . and -',
    ],
    ["another kind", "${env:NAME}", "the environment variable env:NAME is not set"],
  ])("%s, at its place", (_, text, mistake) => {
    const { mistakes } = expand({ app: [{ secrets: ["${NAME}", text] }] });
    expect(mistakes).toEqual([`app[0].secrets[1]: ${mistake}`]);
  });

  test("a credential without $CREDENTIALS_DIRECTORY", () => {
    const { mistakes } = expandReferences({ x: "${credential:key}" }, sources({}));
    expect(mistakes).toEqual([
      "x: the credential key needs $CREDENTIALS_DIRECTORY, which systemd sets",
    ]);
  });

  test("all of them at once", () => {
    const { mistakes } = expand({ a: "${UNSET} ${file:/none}", b: ["${OTHER}"] });
    expect(mistakes.map((line) => line.split(":")[0])).toEqual(["a", "a", "b[0]"]);
  });
});

test("expandReferences names the files that were read, to be watched", () => {
  const { files } = expand(["${file:/key}", "${NAME}", "${credential:api.key-1}", "${file:/none}"]);
  expect(files).toEqual(["/key", "/credentials/api.key-1"]);
});
