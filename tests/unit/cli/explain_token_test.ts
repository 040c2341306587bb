import { describe, expect, test } from "bun:test";
import type { CauseCode, TokenExplanation } from "../../../lib/signing/explain.ts";
import type { Finished } from "../../support/finished.ts";
import { signedTarget } from "../../support/signed.ts";
import {
  assertNothingSecret,
  ENV,
  explain,
  ISSUER,
  make,
  ofKeySet,
  OTHER,
  PLAIN,
  RULES,
  SECONDS,
  SECRET,
  THREE,
  withClaims,
} from "./explained_token.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

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
  ["policy_unknown", withClaims({ sw: { policy: ["support", "other"] } }), THREE],
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

describe("signway explain names the targets that no rule of the app allows, and ends with 1:", () => {
  test.each([
    "GET https://api.example.com/v1/responses",
    "https://api.example.com/v2/",
    "https://api.example.com/v1",
    "http://api.example.com/v1/",
    "https://api.example.com:8443/ab",
    "POST https://other.example/v1/",
  ])("%s", async (target) => {
    const to = ["https://api.example.com/v1/", target];
    const run = await explain(withClaims({ sw: { to } }), [...RULES, "--json"]);
    const { accepted, causes } = JSON.parse(run.stdout) as TokenExplanation;
    expect(accepted).toBe(false);
    expect(causes).toMatchObject([{ code: "target_not_allowed", detail: target }]);
    expect(run.code).toBe(1);
  });

  test("without a rule with a URL, the token must name targets", async () => {
    const run = await explain(withClaims({ iss: "any", sw: {} }), RULES);
    expect([run.code, codesIn(run)]).toEqual([1, ["claim_missing"]]);
    expect(run.stdout).toContain("The claim sw.to is missing.");
    const to = ["https://api.example.com/"];
    expect((await explain(withClaims({ iss: "any", sw: { to } }), RULES)).code).toBe(0);
  });
});

describe("signway explain accepts a token, and ends with 0,", () => {
  test.each<[string, string, string[]]>([
    ["with the secret of the environment", make(), []],
    ["with an audience that nobody configured", withClaims({ aud: "there" }), []],
    ["with any secret of the app that it names", withClaims({ aud: "here" }), THREE],
    ["of a clock as far ahead as the file allows", withClaims({ nbf: SECONDS + 7000 }), THREE],
    ["with a policy of the file", withClaims({ sw: { policy: ["support"] } }), THREE],
    ["with a policy, without a file", withClaims({ sw: { policy: ["other"] } }), []],
    ["of the app that was chosen", make(), [...THREE, "--app", "web"]],
  ])("%s", async (_, token, args) => {
    const run = await explain(token, args);
    const isCompared = args.includes("--config");
    expect(run.stdout).toContain(
      isCompared ? "\nAccepted: the token" : "\nThe token is valid now.",
    );
    expect(run.code).toBe(0);
  });

  test.each([
    "https://api.example.com/",
    "https://api.example.com/v1/",
    "POST https://api.example.com/v1/responses",
    "GET,POST https://api.example.com/v1/",
    "GET https://api.example.com:8443/a",
    "https://api.example.com:8443/a/b",
  ])("whose target a rule allows in part: %s", async (to) => {
    const run = await explain(withClaims({ sw: { to: [to] } }), RULES);
    expect(run.stdout.replace(/\s+/g, " ")).toContain("the app's rules allow its targets.");
    expect(run.code).toBe(0);
  });

  test.each(["", "\n", "\r\n"])("from its standard input, before %j", async (end) => {
    const run = await runSignway(["explain", "-"], { env: ENV, input: make() + end });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("The token is valid now.");
  });

  test.each(["/", "/signway/"])("in the path of a URL, below %s", async (path) => {
    const url = `https://edge.example.net${path}~${make()}/mcp.example.com/mcp`;
    const run = await runSignway(["explain", url], { env: ENV });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("The token is valid now.");
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

test.each(["garbage", "garbage with blanks", "www.example.com/?X-Sw-Proxy=a"])(
  "signway explain tells that %j is neither a URL nor a token",
  async (text) => {
    const run = await explain(text);
    expect([run.code, codesIn(run)]).toEqual([1, ["url_malformed"]]);
    expect(run.stdout).toContain("This is neither a signed URL nor a token.");
  },
);
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
    const sw = {
      to: [`https://a.example/${SECRET}`],
      models: [SECRET],
      allow: [`tools:${SECRET}`],
    };
    const run = await explain(
      withClaims({ sub: SECRET, jti: `a${SECRET}`, aud: SECRET, sw }),
      args,
    );
    expect(run.stdout).toContain("[secret]");
    expect(run.code).toBe(0);
  });

  test("the escape sequences of a claim, and characters that no terminal knows", async () => {
    const { stdout } = await explain(withClaims({ sub: "\u001b[2J\u202e\u0378" }));
    expect(stdout).toContain(String.raw`Subject         \u{1b}[2J\u{202e}\u{378}`);
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
