import { describe, expect, test } from "bun:test";
import { parseToken, verifyToken } from "../../../lib/signing/verify.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

const FIRST = "the first app's long secret, for now";
const SECOND = "the second app's long secret, for now";
const upstream = [{ url: "https://api.example.com/v1/" }];
const files = {
  "one.toml": [
    'listen = "127.0.0.1:8443"',
    "max_expires = 900",
    "[[app]]",
    'id = "first"',
    `secrets = ["too short", "${FIRST}"]`,
    "[[app.upstream]]",
    'url = "https://api.example.com/v1/"',
  ].join("\n"),
  "two.json": JSON.stringify({
    app: [
      { id: "first", secrets: ["${FIRST_SECRET}"], upstream },
      { id: "second", secrets: [SECOND], upstream: [{}], max_expires: 60 },
    ],
  }),
  "strict.json": JSON.stringify({
    audience: "here",
    app: [
      { id: "closed", secrets: [FIRST], upstream, tokens: { enabled: false } },
      { id: "first", secrets: [FIRST], upstream, tokens: { require: { sub: true, scope: "a" } } },
    ],
  }),
  "prefix.json": JSON.stringify({
    public_path: "/gateway/",
    app: [{ id: "first", secrets: [FIRST], upstream: [...upstream, {}] }],
  }),
  "users.json": JSON.stringify({
    app: [
      {
        id: "first",
        secrets: [FIRST],
        upstream,
        limits: { subject: { uses: 1 } },
        tokens: { require: { jti: true } },
      },
    ],
  }),
  "policies.json": JSON.stringify({
    app: [{ id: "first", secrets: [FIRST], upstream }],
    policy: [{ name: "known", models: ["m"] }],
  }),
};
const env = { SW_ID: "ignored", SW_SECRET: "ignored as well, whatever it is", FIRST_SECRET: FIRST };

/** Runs the command, and returns its output and its warnings. */
async function token(args: string[]) {
  const run = await runSignway(["token", ...args], { env, files });
  expect(run.code).toBe(0);
  expect(run.stdout + run.stderr).not.toMatch(/long secret|ignored|too short/);
  return {
    output: run.stdout.trim(),
    warnings: complaints(run).map((line) => line.replace("warning: ", "")),
  };
}

describe("signway token --config signs with the secret of", () => {
  test.each<[string, string[], string, string]>([
    ["the only app, the first that is long enough", ["one.toml"], "first", FIRST],
    ["the app that --app names", ["two.json", "--app", "first"], "first", FIRST],
    ["the app that --id names", ["two.json", "--id", "first"], "first", FIRST],
    ["the app that both name", ["two.json", "--id", "first", "--app", "first"], "first", FIRST],
  ])("%s", async (_, args, id, secret) => {
    const { output, warnings } = await token(["--config", ...args]);
    expect(warnings).toEqual([]);
    const { issuer } = await verifyToken(output, { findSecrets: () => [secret] });
    expect(issuer).toBe(id);
  });
});

describe("signway token --config knows", () => {
  test("where the gateway listens", async () => {
    const to = "https://api.example.com/v1/";
    const env = await token(["--config", "one.toml", "--env", "openai", "--to", to]);
    expect(env.output).toContain("'http://127.0.0.1:8443/api.example.com/v1'");
    expect(env.warnings).toEqual([]);
    const mcp = await token(["--config", "prefix.json", "--mcp", "https://a.example/mcp"]);
    expect(mcp.output).toStartWith("http://localhost:3000/~");
    expect(mcp.warnings).toEqual([expect.stringContaining("set it with --gateway")]);
    const plain = await token(["--config", "prefix.json"]);
    expect(plain.warnings).toEqual([]);
  });

  test.each<[string, string[], RegExp]>([
    ["its limit", ["one.toml", "--expires", "901"], /901 s, but app first allows only 900 s$/],
    [
      "the app's limit",
      ["two.json", "--id", "second", "--expires", "61", "--to", "https://a.b/"],
      /app second allows only 60 s$/,
    ],
    [
      "the upstreams",
      ["one.toml", "--to", "https://a.example/"],
      /^app first has no upstream for https:\/\/a\.example$/,
    ],
    [
      "rules for every host",
      ["two.json", "--id", "second", "--expires", "60"],
      /^app second has no upstream with a URL, so the token needs --to$/,
    ],
    ["that it has no tokens", ["strict.json", "--id", "closed"], /^app closed accepts no tokens$/],
    [
      "which claims it needs",
      ["strict.json", "--id", "first"],
      /^app first requires claims that the token does not have: sub, scope$/,
    ],
    [
      "which claims are missing",
      ["strict.json", "--id", "first", "--subject", "a", "--audience", "here"],
      /^app first requires claims that the token does not have: scope$/,
    ],
    [
      "its audience",
      ["one.toml", "--audience", "here"],
      /^app first has no audience, so the gateway/,
    ],
    [
      "its policies",
      ["policies.json", "--policy", "known", "--policy", "other"],
      /^the configuration has no policy other, so the gateway refuses the token$/,
    ],
    [
      "the providers of its upstreams",
      ["policies.json", "--model", "m"],
      /^app first has no upstream with a known provider, so the gateway refuses its requests: set/,
    ],
    [
      "the providers of its upstreams, for what it counts",
      ["policies.json", "--tokens", "5000"],
      /^app first has no upstream with a known provider, so the gateway refuses its requests: set/,
    ],
    [
      "its limits for each end user",
      ["users.json", "--uses", "1"],
      /^app first has limits for each end user, so the token needs --subject$/,
    ],
    [
      "no entry of allow with this name",
      [
        "two.json",
        "--id",
        "second",
        "--expires",
        "60",
        "--allow",
        "web_search",
        "--to",
        "https://a.b/",
      ],
      /^the entry web_search of allow opens nothing that is known$/,
    ],
  ])("%s, and warns", async (_, args, warning) => {
    const { output, warnings } = await token(["--config", ...args]);
    expect(parseToken(output).permits).toBeDefined();
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });
});
