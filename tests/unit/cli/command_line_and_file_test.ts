import { describe, expect, test } from "bun:test";
import { APP, mistakesOfFile, settingsOfFile } from "../config/configured.ts";
import { settingsOf } from "./command_line.ts";

const SECRET = "a secret of more than 16 bytes";
const ID = ["web", SECRET];
const OTHER = { ...APP, id: "other" };

describe("the short command line is the file that says the same:", () => {
  const app = (...upstream: object[]): object => ({
    app: [{ id: "web", secrets: [SECRET], upstream }],
  });
  const url = "https://api.example/v1/";

  test.each<[string[], object]>([
    [[], app({})],
    [["--allow-private-upstreams"], app({ allow_private: true })],
    [["--upstream", url], app({ url })],
    [["--upstream", url, "--upstream", "http://b"], app({ url }, { url: "http://b" })],
    [["-h", "X-A: b: c"], app({ headers: { "X-A": "b: c" } })],
    [
      ["--header", "Authorization: Bearer a", "-H", "x-b:c", "--upstream", url],
      app({ url, headers: { Authorization: "Bearer a", "x-b": "c" } }),
    ],
    [
      ["--port", "0", "--host", "::1", "--drain", "1", "--no-watch"],
      { ...app({}), listen: "[::1]:0", drain: 1, watch: false },
    ],
    [
      ["--access-control-allow-origin", "https://a.example,null", "--explain"],
      { ...app({}), explain: true, cors: { allow_origins: ["https://a.example", "null"] } },
    ],
    [["--access-control-allow-origin", "*"], { ...app({}), cors: {} }],
  ])("%j", (args, shape) => {
    const { files, ...settings } = settingsOfFile(shape);
    expect(files).toEqual(["config.json"]);
    expect(settingsOf([...ID, ...args])).toEqual({ ...settings, files: [] });
  });
});

describe("ID and SECRET beside a file", () => {
  const idsOf = (shape: object): string[] =>
    settingsOfFile(shape, { args: ID })
      .apps.map(({ id }) => id)
      .sort();

  test("add an app to those of the file", () => {
    expect(idsOf({ app: [OTHER] })).toEqual(["other", "web"]);
    expect(idsOf({})).toEqual(["web"]);
  });

  test("stand in for the file's app of that id", () => {
    const shape = { app: [OTHER, { ...APP, secrets: ["the file's own, of enough bytes"] }] };
    const { apps } = settingsOfFile(shape, { args: [...ID, "--upstream", "https://b.example/"] });
    expect(apps.find(({ id }) => id === "web")).toMatchObject({ secrets: [SECRET] });
    expect(apps).toHaveLength(2);
  });

  test.each<[string, object[], string]>([
    ["an app that stays", [{ ...OTHER, secrets: [] }], "app[0].secrets"],
    ["one behind the app that is replaced", [APP, { ...OTHER, secrets: [] }], "app[1].secrets"],
    ["one before it", [{ ...OTHER, secrets: [] }, APP], "app[0].secrets"],
  ])("leave the places in the file as they are: %s", (_, app, place) => {
    const mistakes = mistakesOfFile({ app }, { args: ID });
    expect(mistakes).toEqual([expect.stringContaining(`${place} must be`)]);
  });

  test("leave them so when two apps of the file have one id", () => {
    const mistakes = mistakesOfFile({ app: [OTHER, OTHER] }, { args: ID });
    expect(mistakes).toEqual(["app[1].id is already the id of app[0]"]);
  });
});

describe("a file without ID and SECRET", () => {
  test("has no use for SW_ID and SW_SECRET", () => {
    const env = { SW_ID: "env", SW_SECRET: SECRET };
    expect(settingsOfFile({ app: [APP] }, { env }).apps.map(({ id }) => id)).toEqual(["web"]);
  });

  test.each([
    ["--header", "X-A: b"],
    ["--upstream", "https://a.example/"],
    ["--allow-private-upstreams", undefined],
  ])("has no app that %s could belong to", (flag, value) => {
    const args = value === undefined ? [flag] : [flag, value];
    expect(mistakesOfFile({ app: [APP] }, { args })).toEqual([
      `${flag} needs ID and SECRET: add them, or set it in an app of the file`,
    ]);
  });
});
