import { describe, expect, test } from "bun:test";
import { folderWith } from "../../support/folder.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";
import { APP, mistakesOfFile, settingsOfFile } from "./configured.ts";

const SECRET = "a secret of more than 16 bytes";

const fileWith = (secret: string): Record<string, string> => ({
  "a.json": JSON.stringify({ app: [{ ...APP, secrets: [secret] }] }),
});

describe("signway check follows", () => {
  test("a variable, a file and a credential, and shows none of them", async () => {
    await using credentials = await folderWith({ api_key: `${SECRET}\n` });
    const headers = { "X-Key": "Bearer ${API_KEY}", "X-File": "${file:key}" };
    const upstream = [{ url: "https://api.example/", headers }];
    const app = { ...APP, secrets: ["${credential:api_key}"], upstream };
    const run = await runSignway(["check", "a.json"], {
      env: { API_KEY: SECRET, CREDENTIALS_DIRECTORY: credentials.path(".") },
      files: { "a.json": JSON.stringify({ app: [app] }), key: SECRET },
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("with X-Key, X-File");
    expect(run.stdout).not.toContain(SECRET);
  });

  test("a path relative to the folder that it runs in", async () => {
    const files = { ...fileWith("${file:secrets/web}"), "secrets/web": SECRET };
    expect(await runSignway(["check", "a.json"], { files })).toMatchObject({ code: 0 });
  });

  test.each([
    ["a variable", "${NOT_SET}", "the environment variable NOT_SET is not set"],
    ["a file", "${file:/not-there}", "the file /not-there does not exist"],
    ["a relative path", "${file:a/../b}", "the file a/../b does not exist: {cwd}/b"],
    ["a folder in place of a file", "${file:.}", "the file . is a folder: {cwd}"],
    [
      "a credential",
      "${credential:not-there}",
      "the credential not-there does not exist: {cwd}/not-there",
    ],
  ])("%s that is not there, and says so once", async (_, reference, mistake) => {
    const env = { CREDENTIALS_DIRECTORY: "." };
    const run = await runSignway(["check", "a.json"], { env, files: fileWith(reference) });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    // It runs in a folder of its own, in which relative paths start.
    const [complaint = "", ...others] = complaints(run);
    const folder = /: from the working directory it is (\/.*?\/signway-\w+)/;
    expect(complaint.replace(folder, ": {cwd}")).toBe(`app[0].secrets[0]: ${mistake}`);
    expect(others).toEqual([]);
  });
});

describe("a reference", () => {
  const headersOf = (value: string) => ({
    app: [{ ...APP, upstream: [{ url: "https://api.example/", headers: { "X-Key": value } }] }],
  });

  test.each([
    ["one newline is dropped", "key\n", []],
    [
      "the second is part of the value, which no header can hold",
      "key\n\nmore\n",
      [expect.stringContaining("app[0].upstream[0].headers.X-Key")],
    ],
  ])("to a file with a key: %s", (_, text, mistakes) => {
    expect(mistakesOfFile(headersOf("${file:key}"), { files: { key: text } })).toEqual(mistakes);
  });

  test("to an empty file leaves a secret blank, which is refused", () => {
    const shape = { app: [{ ...APP, secrets: ["${file:key}"] }] };
    expect(mistakesOfFile(shape, { files: { key: "\n" } })).toEqual([
      expect.stringContaining("app[0].secrets[0] must be a secret"),
    ]);
  });

  test("stands in any text, listen included", () => {
    const shape = { listen: "127.0.0.1:${MY_PORT}", app: [{ ...APP, id: "${NAME}" }] };
    const settings = settingsOfFile(shape, { env: { MY_PORT: "4000", NAME: "mine" } });
    expect(settings).toMatchObject({ host: "127.0.0.1", port: 4000, apps: [{ id: "mine" }] });
  });

  test("names its file among those that are watched", () => {
    const shape = { app: [{ ...APP, secrets: ["${file:key}"] }] };
    expect(settingsOfFile(shape, { files: { key: SECRET } }).files).toEqual(["config.json", "key"]);
  });
});
