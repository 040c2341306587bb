import { expect, test } from "bun:test";
import type { TokenExplanation } from "../../../lib/signing/explain.ts";
import { explain, SECONDS, THREE, withClaims } from "./explained_token.ts";

const CLAIMS = {
  sub: "user-1",
  jti: "one",
  aud: "here",
  nbf: SECONDS - 10,
  sw: {
    to: ["GET,POST https://api.example.com/v1/"],
    origins: ["https://a.example"],
    seconds: 60,
    models: ["gpt-5-mini"],
    max_output_tokens: 800,
    allow: ["tools:web_search"],
    system: "canary",
    policy: ["support"],
  },
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
- It may send any number of requests, as far as the gateway allows.
- Only the model gpt-5-mini may be called.
- A request may have 800 output tokens at most. A request for more is lowered to
  them.
- A request must be a known operation of the API, and may have only what is
  known to be harmless.
- It opens tools:web_search: the provider's tool web_search.
- The system message is set to a text of 6 characters. A request with its own is
  refused.
- The operator's policy support applies as well.

Accepted: the token is valid now, and the app's rules allow its targets.
Revocations and limits were not checked.
`);
});

test("signway explain --json prints the same as plain data", async () => {
  const good = await explain(withClaims(CLAIMS), [...THREE, "--json"]);
  expect(good.code).toBe(0);
  const { parts, life, ...verdict } = JSON.parse(good.stdout) as TokenExplanation;
  expect(verdict).toEqual({ accepted: true, signature: "right", causes: [] });
  expect(parts).toMatchObject({
    ...{ id: "web", subject: "user-1", tokenId: "one", audience: ["here"] },
    policies: ["support"],
  });
  expect(good.stdout).not.toContain("canary");
  expect(life).toMatchObject({ expires: 300, state: "valid" });
  const bad = await explain(withClaims({ sw: { ip: [] } }), ["--json"]);
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({
    causes: [{ code: "permit_misspelt", detail: "ips" }],
  });
});
