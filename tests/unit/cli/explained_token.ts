import { expect } from "bun:test";
import type { Finished } from "../../support/finished.ts";
import { type MadeToken, makeToken } from "../../support/made_token.ts";
import { runSignway } from "../../support/run_signway.ts";

/** The secret of the app "web". */
export const SECRET = "8d5e8d6c2b0c4f3f9a1b7c6d5e4f30211f2e3d4c5b6a79880a1b2c3d4e5f6071";
const FUTURE = "one that is yet to come, later and later";
/** Another app of the configuration. */
export const OTHER = { id: "other", secret: "what nobody else may see, and long" };
/** The environment of a signer for "web". */
export const ENV = { SW_ID: "web", SW_SECRET: SECRET };
const NOW = new Date();
/** Now, in seconds. */
export const SECONDS = Math.floor(NOW.getTime() / 1000);
const upstream = [{ url: "https://api.example.com/", provider: "openai" }];
const guarding = { policy: ["support"] };
/** The issuer of a key set. */
export const ISSUER = "https://id.example.com/";
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
    policy: [{ name: "support", system: "canary" }],
  }),
  "rules.json": JSON.stringify({
    app: [
      {
        id: "web",
        secrets: [SECRET],
        upstream: [
          { url: "https://api.example.com/v1/", methods: ["POST"] },
          { url: "https://api.example.com:8443/a" },
        ],
      },
      { id: "any", secrets: [SECRET], upstream: [{ methods: ["GET"] }] },
    ],
  }),
  "providers.json": JSON.stringify({
    app: [
      {
        id: "web",
        secrets: [SECRET],
        upstream: [
          { url: "https://api.openai.com/v1/" },
          { url: "https://llm.example/", provider: "openai" },
          { url: "https://api.example.com/" },
          { url: "https://api.example.com/admin/", ...guarding },
        ],
      },
      {
        id: "unknown",
        secrets: [SECRET],
        upstream: [{ url: "https://a.example/" }, { url: "https://b.example/" }],
      },
      {
        id: "guarded",
        secrets: [SECRET],
        upstream: [{ url: "https://a.example/" }],
        tokens: guarding,
      },
      { id: "any", secrets: [SECRET], upstream: [{}] },
    ],
    policy: [
      { name: "support", system: "canary" },
      { name: "bodies", body: { schema: { type: "object" } } },
    ],
  }),
  "plain.json": JSON.stringify({ app: [{ id: "web", secrets: [SECRET], upstream }] }),
};
/** A configuration with four apps, a policy and limits of its own. */
export const THREE = ["--config", "three.json"];
/** A configuration with rules of which some have no known provider. */
export const PROVIDERS = ["--config", "providers.json"];
/** A configuration with one app. */
export const PLAIN = ["--config", "plain.json"];
/** A configuration with an app whose rules have URLs, and one without. */
export const RULES = ["--config", "rules.json"];

/** A token of "web" with these changes. */
export const make = (changes: Partial<MadeToken> = {}) =>
  makeToken({ secret: SECRET, now: NOW, ...changes });
/** A token of "web" with these claims. */
export const withClaims = (claims: MadeToken["claims"] & {}) => make({ claims });
/** A token of the key set with these claims. */
export const ofKeySet = (claims: MadeToken["claims"] & {}) =>
  make({ header: { alg: "ES256", kid: "a" }, claims: { iss: ISSUER, ...claims } });

/** Runs the command, and holds its output against what no output may hold. */
export async function explain(
  token: string,
  args: string[] = [],
  env: Record<string, string> = ENV,
) {
  const run = await runSignway(["explain", token, ...args], { env, files });
  expect(run.stderr).toBe("");
  assertNothingSecret(run, token);
  if (!args.includes("--json")) {
    for (const line of run.stdout.split("\n")) expect(line).toMatch(/^[^\p{Cc}]{0,80}$/u);
  }
  return run;
}

/** Finds neither a secret nor a part of the token in the output of a process. */
export function assertNothingSecret({ stdout, stderr }: Finished, token = ""): void {
  const output = (stdout + stderr).replace(/\s/g, "");
  const secrets = [SECRET, OTHER.secret.replace(/\s/g, "")];
  for (const hidden of [...secrets, ...token.replace(/\s/g, "").split(".")]) {
    if (hidden.length > 8) expect(output).not.toContain(hidden);
  }
}
