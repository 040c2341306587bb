import { describe, expect, test } from "bun:test";
import { complaints, runSignway } from "../../support/run_signway.ts";

const ID = "web";
const SECRET = "a secret that nobody may see";
const ENV = { SW_ID: ID, SW_SECRET: SECRET };
const APP = { secrets: [SECRET], upstream: [{ url: "https://a.example/" }] };
const files = {
  "two.json": JSON.stringify({
    app: [
      { id: "other", ...APP },
      { id: ID, ...APP },
    ],
  }),
};

describe("signway sign ends with 2 when it is asked wrongly:", () => {
  test.each<[args: string[], complaint: RegExp, env?: Record<string, string>]>([
    [[], /^sign needs exactly one URL$/],
    [["https://a.example/", "b"], /^sign needs exactly one URL$/],
    [["api.example/x"], /^URL is not an absolute http or https URL, such as /],
    [["ftp://a.example/x?key=canary"], /^URL is not an absolute http or https URL/],
    [["https://canary@a.example/x"], /^URL contains credentials/],
    [["https://a.example/", "--gateway", "a.example"], /^--gateway is not an absolute http/],
    [["https://a.example/", "--gateway", "http://a.example/?b"], /^--gateway has a query/],
    [["https://a.example/", "--method", "FETCH"], /^--method must be one of GET, .*OPTIONS$/],
    [["https://a.example/", "--method", "GET", "--body", "x"], /^--method GET allows no body/],
    [["https://a.example/", "--expires", "1h"], /^--expires must be a whole number of seconds$/],
    [["https://a.example/", "--expires", "-1"], /^--expires must be a whole number of seconds$/],
    [["https://a.example/", "--expires"], /^--expires needs a value: --expires SECONDS$/],
    [["https://a.example/", "-H", "canary"], /^--header number 1 must have the form 'Name: value'/],
    [["https://a.example/", "-H", "A: b", "-H", "a: c"], /^--header sets a twice$/],
    [["https://a.example/", "-H", "A: canaryé"], /^--header sets a to a value that is not ASCII/],
    [["https://a.example/", "-H", "Host: b"], /^--header cannot sign host\b/],
    [["https://a.example/", "--body", "a", "--body-file", "b"], /^--body and --body-file/],
    [["https://a.example/", "--body-file", "nowhere"], /^--body-file: nowhere does not exist$/],
    [["https://a.example/", "--curl", "--json"], /^give --curl or --json, not both$/],
    [["https://a.example/", "--expire", "60"], /^unknown option --expire: .*--expires\?$/],
    [["https://a.example/", "--app", ID], /^--app needs --config, because it names an app/],
    [["https://a.example/", "--config", "no.json"], /^--config: no\.json does not exist$/],
    [
      ["https://a.example/", "--config", "two.json"],
      /^--app is missing: choose one of the apps in the file, other, /,
    ],
    [
      ["https://a.example/", "--config", "two.json", "--app", "x"],
      /no app with this id: choose one of /,
    ],
    [["https://a.example/"], /^there is no app id: set SW_ID and SW_SECRET, or .*--config/, {}],
    [["https://a.example/"], /^there is no secret: set SW_ID and SW_SECRET, or/, { SW_ID: ID }],
  ])("%j", async (args, complaint, env = ENV) => {
    const run = await runSignway(["sign", ...args], { env, files });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([expect.stringMatching(complaint)]);
    expect(run.stderr).toEndWith("Try 'signway sign --help'.\n");
    expect(run.stderr).not.toMatch(/canary|a secret that/);
  });

  test("every mistake at once", async () => {
    const run = await runSignway(["sign", "x", "--expires", "y", "--method", "z", "-H", "a"]);
    expect(complaints(run)).toHaveLength(5);
  });
});
