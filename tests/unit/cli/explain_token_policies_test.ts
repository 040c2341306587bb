import { describe, expect, test } from "bun:test";
import type { TokenExplanation } from "../../../lib/signing/explain.ts";
import { ENV, explain, PLAIN, PROVIDERS, withClaims } from "./explained_token.ts";

const MODELS = { models: ["m"] };

async function explained(token: string, args: string[], env: Record<string, string> = ENV) {
  const run = await explain(token, [...args, "--json"], env);
  const { accepted, causes } = JSON.parse(run.stdout) as TokenExplanation;
  return { code: run.code, accepted, causes: causes.map(({ code, detail }) => [code, detail]) };
}

describe("signway explain tells to which targets the limits of a token let nothing through:", () => {
  const OPENAI = "https://api.openai.com/v1/";
  const UNKNOWN = "https://api.example.com/";
  const ADMIN = "https://api.example.com/admin/";
  test.each<[claims: object, refused: string[]]>([
    [{ sw: { ...MODELS, to: [OPENAI] } }, []],
    [{ sw: { ...MODELS, to: ["https://llm.example/v1/responses"] } }, []],
    [{ sw: { ...MODELS, to: [OPENAI, UNKNOWN] } }, [UNKNOWN]],
    [{ sw: { ...MODELS, to: [`POST ${UNKNOWN}v1/a`] } }, [`POST ${UNKNOWN}v1/a`]],
    [{ sw: { tools: ["search"], to: [UNKNOWN] } }, [UNKNOWN]],
    [{ sw: { policy: ["support"], to: [UNKNOWN] } }, [UNKNOWN]],
    [{ sw: { policy: ["bodies"], to: [UNKNOWN] } }, []],
    [{ sw: { to: [UNKNOWN, ADMIN] } }, [ADMIN]],
    [{ sw: { body: { schema: { type: "object" } }, to: [UNKNOWN] } }, []],
    [{ jti: "a", sw: { tokens: 1000, to: [OPENAI, UNKNOWN] } }, [UNKNOWN]],
    [{ jti: "a", sw: { cost: 1, to: [UNKNOWN] } }, [UNKNOWN]],
    [{ jti: "a", sw: { uses: 1, to: [UNKNOWN] } }, []],
    [{ sw: MODELS }, []],
    [{ iss: "unknown", sw: MODELS }, ["https://a.example/", "https://b.example/"]],
    [{ iss: "unknown", sw: {} }, []],
    [{ iss: "guarded", sw: {} }, ["https://a.example/"]],
    [{ iss: "any", sw: { ...MODELS, to: ["https://api.anthropic.com/v1/messages"] } }, []],
    [{ iss: "any", sw: { ...MODELS, to: ["https://a.example/"] } }, ["https://a.example/"]],
  ])("%j", async (claims, refused) => {
    const result = await explained(withClaims(claims as Record<string, unknown>), PROVIDERS);
    const isRefused = refused.length > 0;
    expect(result).toEqual({
      code: isRefused ? 1 : 0,
      accepted: !isRefused,
      causes: refused.map((target) => ["provider_unknown", target]),
    });
  });
});

describe("signway explain tells of a pattern that the gateway does not support", () => {
  const patterns = (pattern: string) =>
    withClaims({ sw: { body: { schema: { properties: { a: { pattern } } } } } });
  const MALFORMED = [
    "token_malformed",
    "sw.body.schema has a pattern that is no regular expression of RE2",
  ];
  test.each([
    ["with a file", PLAIN, ENV],
    ["with a secret", [], ENV],
    ["without a secret", [], {}],
  ])("%s", async (_, args, env) => {
    for (const pattern of ["(?=a)b", String.raw`(a)\1`]) {
      const result = await explained(patterns(pattern), args, env);
      expect(result).toEqual({ code: 1, accepted: false, causes: [MALFORMED] });
    }
    expect(await explained(patterns("^a+$"), args, env)).toMatchObject({ code: 0, causes: [] });
  });
});
