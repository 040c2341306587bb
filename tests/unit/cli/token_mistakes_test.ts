import { describe, expect, test } from "bun:test";
import { complaints, runSignway } from "../../support/run_signway.ts";

const SECRET = "a long secret that nobody may ever see";
const ENV = { SW_ID: "web", SW_SECRET: SECRET };
const APP = { secrets: [SECRET], upstream: [{ url: "https://a.example/" }] };
const files = {
  "two.json": JSON.stringify({
    app: [
      { id: "other", ...APP },
      { id: "web", ...APP, secrets: ["a secret of 24 characters"] },
    ],
  }),
  "list.json": '["https://a.example/"]',
  "broken.json": "{",
  "twice.json": '{"seconds": 1, "seconds": 2}',
  "whole.json": '{"sw": {"seconds": 1}}',
  "binary.json": '{"binary": 1}',
  "models.json": '{"models": ["can ary"]}',
  "system.json": '{"system": " "}',
  "patch.json": '{"body": {"patch": [{"op": "remove", "path": "canary"}]}}',
  "schema.json": '{"body": {"schema": {"format": "canary"}}}',
  "pattern.json": '{"body": {"schema": {"pattern": "(?=canary)"}}}',
  "typed.json": '{"to": "https://canary.example/"}',
};

const NUMBER = "must be a whole number of seconds from 1 on$";
const A = ["--to", "https://a.example/v1/"];
const B = ["--to", "https://b.example/v1/"];

describe("signway token ends with 2 when it is asked wrongly:", () => {
  test.each<[args: string[], complaint: RegExp, env?: Record<string, string>]>([
    [["canary"], /^token takes options only: .* write 'signway serve ID SECRET'$/],
    [["--to", "canary"], /^--to is not a URL without user, query and fragment, or methods/],
    [["--to", "https://a.example/?key=canary"], /^--to is not a URL without user/],
    [["--to", "https://canary@a.example/"], /^--to is not a URL without user/],
    [["--to", "https://a.example/a/../canary"], /^--to is not a URL without user/],
    [["--to", "FETCH https://a.example/"], /^--to is not a URL without user/],
    [[...A, "--to", ""], /^--to number 2 is not a URL without user/],
    [["--origin", "https://canary.example/"], /^--origin is not an origin in lower case/],
    [["--origin", "null"], /^--origin is not an origin in lower case/],
    [["--ip", "10.0.0.0/33"], /^--ip is not an IPv4 or IPv6 address, or a CIDR range/],
    [["--ip", "canary.example"], /^--ip is not an IPv4 or IPv6 address/],
    [["--seconds", "0"], new RegExp(`^--seconds ${NUMBER}`)],
    [["--expires", "1h"], new RegExp(`^--expires ${NUMBER}`)],
    [["--expires", "-1"], new RegExp(`^--expires ${NUMBER}`)],
    [["--subject", ""], /^--subject must have 1 to 256 characters$/],
    [["--subject", "é".repeat(257)], /^--subject must have 1 to 256 characters$/],
    [["--audience", ""], /^--audience is empty$/],
    [["--claims", "nowhere.json"], /^--claims: nowhere\.json does not exist$/],
    [["--claims", "broken.json"], /^--claims: broken\.json: it is not JSON$/],
    [["--claims", "twice.json"], /^--claims: twice\.json: a name occurs twice in an object$/],
    [["--claims", "list.json"], /^--claims: list\.json: sw is not an object$/],
    [["--claims", "whole.json"], /^--claims: whole\.json: sw\.sw is not known$/],
    [["--claims", "binary.json"], /^--claims: binary\.json: sw\.binary is not true or false$/],
    [["--claims", "typed.json"], /^--claims: typed\.json: sw\.to is not a list$/],
    [["--env", "openai"], /^--env needs --to, and all its targets at one origin/],
    [["--env", "openai", ...A, ...B], /^--env needs --to, and all its targets at one origin/],
    [["--env", "canary", ...A], /^--env must be one of openai, anthropic, google$/],
    [["--mcp", "canary"], /^--mcp is not an absolute http or https URL, such as/],
    [["--mcp", "https://canary@a.example/"], /^--mcp contains credentials/],
    [["--mcp", "https://a.example/#b"], /^--mcp has a fragment$/],
    [["--mcp", "https://a.example/mcp", ...A], /^--mcp needs --to to allow its URL, and no other/],
    [["--mcp", "https://a.example/v1/", ...A, ...B], /^--mcp needs --to to allow its URL, and no/],
    [["--json", "--env", "openai", ...A], /^--env, --mcp and --json exclude each other$/],
    [["--gateway", "a.example"], /^--gateway is not an absolute http/],
    [["--gateway", "https://a.example/?b"], /^--gateway has a query or a fragment: remove it$/],
    [["--model", "can ary"], /^--model is not the name of a model, alone or with \* behind it/],
    [["--model", "*canary"], /^--model is not the name of a model, alone or with \* behind it/],
    [["--model", "a", "--model", ""], /^--model number 2 is not the name of a model/],
    [["--max-output-tokens", "0"], /^--max-output-tokens must be a whole number from 1 on$/],
    [["--max-output-tokens", "canary"], /^--max-output-tokens must be a whole number from 1/],
    [["--allow", "Canary"], /^--allow is not a name such as tools .* docs\/policies\.md lists/],
    [["--allow", "tools:"], /^--allow is not a name such as tools or tools:web_search/],
    [["--policy", "can ary"], /^--policy is not the name of a policy: 1 to 64 letters/],
    [
      ["--claims", "models.json"],
      /^--claims: models\.json: sw\.models has an entry that is no name/,
    ],
    [["--claims", "system.json"], /^--claims: system\.json: sw\.system is not a text, or blank$/],
    [["--claims", "patch.json"], /^--claims: patch\.json: sw\.body\.patch has a path at 0 that/],
    [
      ["--claims", "schema.json"],
      /^--claims: schema\.json: sw\.body\.schema has the keyword format/,
    ],
    [["--claims", "pattern.json"], /^--claims: pattern\.json: sw\.body\.schema has a pattern that/],
    [["--uses", "0"], /^--uses must be a whole number from 1 on/],
    [["--rate", "10"], /^--rate is not a rate such as 10\/s/],
    [["--concurrent", "x"], /^--concurrent must be a whole number from 1 on/],
    [["--bytes", "1.5"], /^--bytes must be a whole number of bytes from 1 on/],
    [["--tokens", "50000/day"], /^--tokens must be a whole number from 1 on/],
    [["--cost", "0"], /^--cost must be a number of dollars up to 9000000/],
    [["--cost", "1/day"], /^--cost must be a number of dollars/],
    [["--app", "web"], /^--app needs --config/],
    [["--app", "web", "--id", "other"], /^--id and --app name two apps$/],
    [["--config", "no.json"], /^--config: no\.json does not exist$/],
    [["--config", "two.json"], /^--app is missing: .* other, web$/],
    [["--config", "two.json", "--id", "x"], /^--app: the file has no app with this id/],
    [
      ["--config", "two.json", "--app", "web"],
      /^the secret has less than 32 bytes, .*openssl rand -hex 32'/,
    ],
    [[], /^there is no app id: set SW_ID and SW_SECRET, or .*--config/, {}],
    [["--id", ""], /^there is no app id: /, { SW_SECRET: SECRET }],
    [["--id", "web"], /^there is no secret: set SW_ID and SW_SECRET, or/, {}],
    [
      [],
      /^the secret has less than 32 bytes, .*'openssl rand -hex 32'/,
      { SW_ID: "web", SW_SECRET: "canary" },
    ],
    [[], /^the secret has less than 32 bytes/, { SW_ID: "web", SW_SECRET: " ".repeat(32) }],
    [manyTargets(200), /^the token is too long: it may have 8192 characters, and 320 values\. /],
  ])("%j", async (args, complaint, env = ENV) => {
    const run = await runSignway(["token", ...args], { env, files });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([expect.stringMatching(complaint)]);
    expect(run.stderr).toEndWith("Try 'signway token --help'.\n");
    expect(run.stderr).not.toMatch(/canary|a secret of|a long secret|eyJ/);
  });

  test("every mistake at once", async () => {
    const args = ["--to", "x", "--ip", "y", "--origin", "z", "--expires", "0", "--gateway", "a"];
    const policy = ["--model", "", "--max-output-tokens", "x", "--allow", "", "--policy", ""];
    expect(complaints(await runSignway(["token", ...args, ...policy]))).toHaveLength(10);
  });
});

function manyTargets(count: number): string[] {
  return Array.from({ length: count }, (_, i) => [
    "--to",
    `https://api.example.com/v1/${i}`,
  ]).flat();
}

describe("signway token warns, and prints the token, when", () => {
  const rows: [what: string, args: string[], warnings: RegExp[]][] = [
    ["it is long", manyTargets(110), [/^the token has 4\d{3} characters: clients and proxies may/]],
    [
      "it is long for a URL",
      [
        "--mcp",
        "https://a.example/",
        "--to",
        `https://a.example/${"b".repeat(1_500)}`,
        "--to",
        "https://a.example/",
      ],
      [/^the token has 2\d{3} characters, but in a URL a gateway accepts at most 2048$/],
    ],
    [
      "it lasts long",
      ["--expires", "604801"],
      [/^the token is valid for 604801 s, but by default a gateway allows only 604800 s$/],
    ],
    ["it is as long as that", ["--mcp", "https://a.example/"], []],
  ];
  test.each(rows)("%s", async (_, args, warnings) => {
    const run = await runSignway(["token", ...args], { env: ENV });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/eyJ[\w.-]+/);
    const expected = warnings.map((it) => expect.stringMatching(it));
    expect(complaints(run).map((line) => line.replace("warning: ", ""))).toEqual(expected);
    expect(run.stderr).not.toMatch(/eyJ|Try/);
  });
});
