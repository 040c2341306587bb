import { describe, expect, test } from "bun:test";
import type { TokenExplanation } from "../../../lib/signing/explain.ts";
import { makeToken } from "../../support/made_token.ts";
import { runSignway } from "../../support/run_signway.ts";

const SECRET = "8d5e8d6c2b0c4f3f9a1b7c6d5e4f30211f2e3d4c5b6a79880a1b2c3d4e5f6071";
const PLAN = "the plan that the operator's rules expect";
const NOW = new Date();
const SECONDS = Math.floor(NOW.getTime() / 1000);
const ISSUER = "https://id.example.com/";
const require = { sub: true, scope: "chat", plan: PLAN } as const;
const upstream = [{ url: "https://api.example.com/" }];
const keySet = { issuer: ISSUER, jwks: "https://id.example.com/jwks", algorithms: ["ES256"] };
const files = {
  "config.json": JSON.stringify({
    audience: "here",
    policy: [{ name: "once", uses: 1 }],
    app: [
      { id: "web", secrets: [SECRET], upstream, tokens: { require } },
      { id: "users", secrets: [SECRET], upstream, limits: { subject: { uses: 1 } } },
      { id: "once", secrets: [SECRET], upstream, tokens: { policy: ["once"] } },
      { id: "set", secrets: [SECRET], upstream, tokens: { ...keySet, require } },
    ],
  }),
};
const REQUIRED = { sub: "user-1", scope: "mail chat", plan: PLAN };

const withClaims = (claims: Record<string, unknown>) =>
  makeToken({ secret: SECRET, now: NOW, claims });
const ofKeySet = (claims: Record<string, unknown>) =>
  makeToken({
    secret: SECRET,
    now: NOW,
    header: { alg: "ES256", kid: "a" },
    claims: { iss: ISSUER, aud: "here", ...claims },
  });

/** Runs the command, which must not print what the configuration expects. */
async function explain(token: string, args: string[] = []) {
  const run = await runSignway(["explain", token, "--config", "config.json", ...args], { files });
  expect(run.stderr).toBe("");
  for (const hidden of [SECRET, PLAN]) expect(run.stdout).not.toContain(hidden);
  return run;
}

describe("signway explain names each claim that is not as the app requires, after all else:", () => {
  const expired = { iat: SECONDS - 900, exp: SECONDS - 600 };
  const all = ["claim_missing sub", "claim_missing scope", "claim_missing plan"];
  test.each<[what: string, token: string, causes: string[]]>([
    ["none of them", withClaims({}), all],
    ["null", withClaims({ ...REQUIRED, plan: null }), ["claim_missing plan"]],
    ["another word", withClaims({ ...REQUIRED, scope: "chats mail" }), ["claim_differs scope"]],
    ["a list of words", withClaims({ ...REQUIRED, scope: ["chat"] }), ["claim_differs scope"]],
    ["another text", withClaims({ ...REQUIRED, plan: "free" }), ["claim_differs plan"]],
    [
      "a token in quotation marks",
      `"${withClaims({ ...REQUIRED, plan: 1 })}"`,
      ["token_quoted", "claim_differs plan"],
    ],
    [
      "an expired token",
      withClaims({ sub: "a", scope: "chat", ...expired }),
      ["token_expired exp", "claim_missing plan"],
    ],
    ["a token of a key set", ofKeySet({ ...REQUIRED, plan: "free" }), ["claim_differs plan"]],
  ])("%s", async (_, token, causes) => {
    const { code, stdout } = await explain(token, ["--json"]);
    const explanation = JSON.parse(stdout) as TokenExplanation;
    const found = explanation.causes.map((cause) =>
      [cause.code, ...(cause.detail === undefined ? [] : [cause.detail])].join(" "),
    );
    expect(found).toEqual(causes);
    expect([code, explanation.accepted]).toEqual([1, false]);
  });

  test.each<[what: string, claims: Record<string, unknown>, causes: string[]]>([
    ["limits of each end user", { iss: "users" }, ["claim_missing sub"]],
    [
      "a policy that counts",
      { sw: { policy: ["once"] }, iss: "users", sub: "a" },
      ["claim_missing jti"],
    ],
    [
      "a policy of the app that counts",
      { iss: "once", iat: undefined },
      ["claim_missing jti", "claim_missing iat"],
    ],
    ["all that counting needs", { iss: "once", jti: "1" }, []],
  ])("that %s needs", async (_, claims, causes) => {
    const { stdout } = await explain(withClaims(claims), ["--json"]);
    const explanation = JSON.parse(stdout) as TokenExplanation;
    expect(explanation.causes.map(({ code, detail }) => `${code} ${detail}`)).toEqual(causes);
  });

  test("in plain words", async () => {
    const { stdout } = await explain(withClaims({ scope: "chat", plan: "free" }));
    expect(stdout.slice(stdout.indexOf("Refused:"))).toBe(`Refused:
- claim_missing
  The claim sub is missing.
  Correct it in the program that makes the token.
- claim_differs
  The claim plan does not have the value that the app requires.
  Compare it with the setting require of the app's tokens.
`);
  });
});

test.each<[what: string, token: string, verdict: string]>([
  ["accepts a token", withClaims(REQUIRED), "Accepted: the token is valid now,"],
  ["leaves a token of a key set unchecked", ofKeySet(REQUIRED), "Well formed and not expired."],
])("signway explain %s with the claims that the app requires", async (_, token, verdict) => {
  const run = await explain(token);
  expect(run.stdout).toContain(verdict);
  expect(run.code).toBe(0);
});
