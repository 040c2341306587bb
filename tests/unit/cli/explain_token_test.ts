import { describe, expect, test } from "bun:test";
import type { CauseCode, TokenExplanation } from "../../../lib/signing/explain.ts";
import type { Finished } from "../../support/finished.ts";
import { type MadeToken, makeToken } from "../../support/made_token.ts";
import { signedTarget } from "../../support/signed.ts";
import { complaints, runSignway } from "./run_signway.ts";

const SECRET = "8d5e8d6c2b0c4f3f9a1b7c6d5e4f30211f2e3d4c5b6a79880a1b2c3d4e5f6071";
const FUTURE = "one that is yet to come, later and later";
const OTHER = { id: "other", secret: "what nobody else may see, and long" };
const ENV = { SW_ID: "web", SW_SECRET: SECRET };
const NOW = new Date();
const SECONDS = Math.floor(NOW.getTime() / 1000);
const upstream = [{ url: "https://api.example.com/" }];
const ISSUER = "https://id.example.com/";
const keySet = { issuer: ISSUER, jwks: "https://id.example.com/jwks", algorithms: ["ES256"] };
const files = {
  "three.json": JSON.stringify({
    max_expires: 900,
    clock_skew: 7200,
    audience: "here",
    app: [
      { id: OTHER.id, secrets: [OTHER.secret], upstream, max_expires: 600 },
      { id: "web", secrets: [FUTURE, SECRET], upstream, tokens: keySet },
      { id: "second", secrets: [SECRET], upstream, tokens: { ...keySet, audience: "second" } },
      { id: "closed", secrets: [SECRET], upstream, tokens: { enabled: false } },
    ],
  }),
  "plain.json": JSON.stringify({ app: [{ id: "web", secrets: [SECRET], upstream }] }),
};
const THREE = ["--config", "three.json"];
const PLAIN = ["--config", "plain.json"];

const make = (changes: Partial<MadeToken> = {}) =>
  makeToken({ secret: SECRET, now: NOW, ...changes });
const withClaims = (claims: MadeToken["claims"] & {}) => make({ claims });
const ofKeySet = (claims: MadeToken["claims"] & {}) =>
  make({ header: { alg: "ES256", kid: "a" }, claims: { iss: ISSUER, ...claims } });

/** Runs the command, and holds its output against what no output may hold. */
async function explain(token: string, args: string[] = [], env: Record<string, string> = ENV) {
  const run = await runSignway(["explain", token, ...args], { env, files });
  expect(run.stderr).toBe("");
  assertNothingSecret(run, token);
  if (!args.includes("--json")) {
    for (const line of run.stdout.split("\n")) expect(line).toMatch(/^[^\p{Cc}]{0,80}$/u);
  }
  return run;
}

function assertNothingSecret({ stdout, stderr }: Finished, token = ""): void {
  const output = (stdout + stderr).replace(/\s/g, "");
  const secrets = [SECRET, OTHER.secret.replace(/\s/g, "")];
  for (const hidden of [...secrets, ...token.replace(/\s/g, "").split(".")]) {
    if (hidden.length > 8) expect(output).not.toContain(hidden);
  }
}

const codesIn = ({ stdout }: Finished) => [...stdout.matchAll(/^- (\w+)$/gm)].map(([, it]) => it);

const MISTAKES: [code: CauseCode, token: string, args?: string[]][] = [
  ["token_bearer", `Bearer ${make()}`],
  ["token_quoted", `"${make()}"`],
  ["token_whitespace", make().replace(".", ".\n")],
  ["token_padded", `${make()}=`],
  ["token_cut", make().slice(0, -7)],
  ["token_cut", make().slice(0, 60)],
  ["token_malformed", "a.b.c"],
  ["url_malformed", "edge.example.net/?X"],
  ["sw_missing", withClaims({ sw: undefined })],
  ["claim_misplaced", withClaims({ seconds: 5 })],
  ["permit_misspelt", withClaims({ sw: { origin: ["https://a.example"] } })],
  ["permit_unknown", withClaims({ sw: { colour: "red" } })],
  ["time_in_milliseconds", withClaims({ exp: Date.now() + 300_000 })],
  ["token_expired", withClaims({ iat: SECONDS - 900, exp: SECONDS - 600 })],
  ["token_not_yet_valid", withClaims({ nbf: SECONDS + 900 })],
  ["token_lifetime_too_long", withClaims({ exp: SECONDS + 604_900 })],
  ["token_lifetime_too_long", withClaims({ aud: "here", exp: SECONDS + 1000 }), THREE],
  [
    "token_lifetime_too_long",
    make({ secret: OTHER.secret, claims: { iss: OTHER.id, exp: SECONDS + 700 } }),
    THREE,
  ],
  ["token_audience_mismatch", withClaims({ aud: "there" }), THREE],
  ["token_audience_mismatch", withClaims({ aud: "here" }), PLAIN],
  ["token_audience_mismatch", ofKeySet({ aud: "there" }), THREE],
  ["claim_missing", ofKeySet({}), THREE],
  ["token_algorithm", make({ header: { alg: "none" } })],
  ["secret_whitespace", make({ secret: `${SECRET}\n` })],
  ["secret_hex_decoded", make({ secret: Buffer.from(SECRET, "hex") })],
  ["secret_base64_decoded", make({ secret: Buffer.from(SECRET, "base64") })],
  ["secret_cut", make({ secret: SECRET.slice(0, 32) })],
  ["secret_of_other_app", make({ secret: OTHER.secret }), THREE],
  ["token_signature_mismatch", make({ secret: "quite another secret of some length" })],
  ["app_unknown", withClaims({ iss: "webb" })],
  ["app_unknown", make({ secret: "quite another secret", claims: { iss: ISSUER } }), PLAIN],
  ["app_unknown", make(), [...THREE, "--app", OTHER.id]],
  ["tokens_disabled", withClaims({ iss: "closed" }), THREE],
];

describe("signway explain names the mistake of a token, and ends with 1:", () => {
  test.each(MISTAKES.map((row) => [row[0], row] as const))("%s", async (_, [code, token, args]) => {
    const run = await explain(token, args);
    expect(codesIn(run)).toEqual([code]);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^Refused:$/m);
  });

  test("a secret that is too short, which is not printed", async () => {
    const run = await explain(make({ secret: "short" }), [], { SW_ID: "web", SW_SECRET: "short" });
    expect([run.code, codesIn(run)]).toEqual([1, ["secret_too_short"]]);
    expect(run.stdout).toContain("openssl rand -hex 32");
  });
});

describe("signway explain accepts a token, and ends with 0,", () => {
  test.each<[string, string, string[]]>([
    ["with the secret of the environment", make(), []],
    ["with an audience that nobody configured", withClaims({ aud: "there" }), []],
    ["with any secret of the app that it names", withClaims({ aud: "here" }), THREE],
    ["of a clock as far ahead as the file allows", withClaims({ nbf: SECONDS + 7000 }), THREE],
    ["of the app that was chosen", make(), [...THREE, "--app", "web"]],
  ])("%s", async (_, token, args) => {
    const run = await explain(token, args);
    expect(run.stdout).toContain("Accepted: the token is valid now.");
    expect(run.code).toBe(0);
  });

  test.each(["", "\n", "\r\n"])("from its standard input, before %j", async (end) => {
    const run = await runSignway(["explain", "-"], { env: ENV, input: make() + end });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("Accepted: ");
  });

  test("and a URL from its standard input too", async () => {
    const target = signedTarget("https://edge.example.net/", "https://a.example/", {
      id: "web",
      secret: SECRET,
    });
    const input = `https://edge.example.net${target}\n`;
    const run = await runSignway(["explain", "-"], { env: ENV, input });
    expect(run.stdout).toContain("Accepted: the signature is valid.");
    expect(run.code).toBe(0);
  });
});

const CLAIMS = {
  sub: "user-1",
  jti: "one",
  aud: "here",
  nbf: SECONDS - 10,
  sw: { to: ["GET,POST https://api.example.com/v1/"], origins: ["https://a.example"], seconds: 60 },
};

test("signway explain says in plain words what a token grants", async () => {
  const { stdout } = await explain(withClaims(CLAIMS), THREE);
  const written = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\.\d+/, "");
  expect(stdout.replace(/^Now .*/m, "Now")).toBe(`Issuer          web
Subject         user-1
Token id        one
Audience        here
Signed          ${written(SECONDS)}
Not before      ${written(SECONDS - 10)}
Expires         ${written(SECONDS + 300)}, after 300 s
Now
Signature       HS256, right

Grants:
- It may send GET or POST to https://api.example.com/v1/ and to everything below
  it.
- Only pages of https://a.example may use it.
- The client may have any address.
- An exchange may last 60 s at most.
- A request may say anything that the gateway's rules allow.

Accepted: the token is valid now. The upstreams that the app may call were not
checked.
`);
});

test("signway explain --json prints the same as plain data", async () => {
  const good = await explain(withClaims(CLAIMS), [...THREE, "--json"]);
  expect(good.code).toBe(0);
  const { parts, life, ...verdict } = JSON.parse(good.stdout) as TokenExplanation;
  expect(verdict).toEqual({ accepted: true, signature: "right", causes: [] });
  expect(parts).toMatchObject({ id: "web", subject: "user-1", tokenId: "one", audience: ["here"] });
  expect(life).toMatchObject({ expires: 300, state: "valid" });
  const bad = await explain(withClaims({ sw: { ip: [] } }), ["--json"]);
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    causes: [{ code: "permit_misspelt", detail: "ips" }],
  });
});

describe("signway explain without a secret", () => {
  test.each<[string, string]>([
    ["a token", make()],
    ["a wrong signature", make({ secret: "quite another secret" })],
    ["a token of a key set", ofKeySet({})],
  ])("decodes %s", async (_, token) => {
    const run = await explain(token, [], {});
    expect(run.stdout).toContain("\nWell formed and not expired. No secret was given");
    expect(run.stdout).toContain("- The client may have any address.\n");
    expect(run.code).toBe(0);
  });

  test("says that an audience is not checked, and refuses what is expired", async () => {
    const token = withClaims({ aud: ["a", "b"], iat: SECONDS - 900, exp: SECONDS - 600 });
    const run = await explain(token, [], {});
    expect(run.stdout).toContain("Audience        a, b (not checked)\n");
    expect(run.stdout).toContain("\nNo secret was given");
    expect([run.code, codesIn(run)]).toEqual([1, ["token_expired"]]);
  });
});

test("signway explain with a file does not check the signature of a key set", async () => {
  for (const aud of ["here", ["elsewhere", "second"]]) {
    const run = await explain(ofKeySet({ aud }), THREE);
    expect(run.stdout).toMatch(/not expired. Its signature is checked with a\s+key set/);
    expect(run.code).toBe(0);
  }
});

describe("signway explain never prints", () => {
  test.each([[[]], [["--json"]]])("a secret in a claim: %j", async (args) => {
    const sw = { to: [`https://a.example/${SECRET}`] };
    const run = await explain(
      withClaims({ sub: SECRET, jti: `a${SECRET}`, aud: SECRET, sw }),
      args,
    );
    expect(run.stdout).toContain("[secret]");
    expect(run.code).toBe(0);
  });

  test("the escape sequences of a claim", async () => {
    const { stdout } = await explain(withClaims({ sub: "\u001b[2J\u202e" }));
    expect(stdout).toContain(String.raw`Subject         \u{1b}[2J\u{202e}`);
  });
});

test("signway explain takes no request with a token", async () => {
  const run = await runSignway(["explain", make(), "--method", "GET", "-H", "A: b"], { env: ENV });
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(complaints(run)).toEqual([
    "--method describes a request to a signed URL, and this is a token",
    "--header describes a request to a signed URL, and this is a token",
  ]);
  assertNothingSecret(run, make());
});
