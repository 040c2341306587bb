import { describe, expect, test } from "bun:test";
import {
  type CauseCode,
  explainToken,
  type ExplainTokenOptions,
  isTokenLike,
} from "../../../../lib/signing/explain.ts";
import { signToken } from "../../../../lib/signing/mod.ts";
import { verifyToken } from "../../../../lib/signing/verify.ts";
import {
  CLAIMS,
  FORM,
  good,
  LETTERS,
  make,
  NOW,
  OTHER,
  SECONDS,
  SECRET,
  SIGNATURES,
  withClaims,
  withHeader,
} from "./planted_tokens.ts";

const explain = (text: string, options: ExplainTokenOptions = {}) =>
  explainToken(text, { secrets: [SECRET], now: NOW, ...options });

describe("explainToken names the planted mistake in", () => {
  const plain = [...FORM, ...CLAIMS].map(
    ([code, token, detail]) => [code, token, {}, detail] as const,
  );
  const rows = [...plain, ...SIGNATURES].map((row) => [row[0], row] as const);
  test.each(rows)("%s (row %#)", async (_, [code, token, options = {}, detail]) => {
    const explanation = await explain(token, options);
    expect(explanation.accepted).toBe(false);
    expect(explanation.causes.map((cause) => cause.code)).toEqual([code]);
    const [cause] = explanation.causes;
    if (detail !== undefined) expect(cause!.detail).toBe(detail);
    expect(`${cause!.sentence} ${cause!.remedy}`).not.toMatch(/\{\}|undefined|A parameter/);
  });

  test("several of them at once, the text's first", async () => {
    const token = withClaims({ sw: undefined, iat: SECONDS - 900, exp: SECONDS - 600, aud: "a" });
    const { causes } = await explain(`Bearer "${token}"`, { audience: "b" });
    expect(causes.map(({ code }) => code)).toEqual([
      "token_quoted",
      "token_bearer",
      "sw_missing",
      "token_expired",
      "token_audience_mismatch",
    ]);
  });
});

describe("explainToken refuses what verifyToken refuses:", () => {
  const tokens = [...FORM, ...CLAIMS, ...SIGNATURES.filter(([, , options]) => !options)];
  test.each(tokens.map(([code, token]) => [code, token] as const))(
    "%s (row %#)",
    async (_, token) => {
      const verified = verifyToken(token, {
        findSecrets: () => [SECRET],
        now: () => NOW.getTime(),
      });
      await expect(verified).rejects.toThrow(/^(token|secret)_/);
    },
  );
});

describe("explainToken describes", () => {
  test("a token of signToken", async () => {
    const token = await signToken({
      id: "web",
      secret: SECRET,
      subject: "user-1",
      jti: "one",
      audience: "https://gateway.example.com",
      to: ["POST https://api.example.com/v1/chat", "GET,HEAD https://api.example.com:8443/v1/"],
      origins: ["https://a.example", "https://b.example", "https://c.example"],
      ips: ["10.1.2.3", "2001:db8::/64"],
      seconds: 60,
      now: NOW,
    });
    expect(await explain(token, { audience: "https://gateway.example.com" })).toEqual({
      accepted: true,
      signature: "right",
      causes: [],
      parts: {
        id: "web",
        algorithm: "HS256",
        subject: "user-1",
        tokenId: "one",
        audience: ["https://gateway.example.com"],
        grants: [
          "It may send POST to https://api.example.com/v1/chat.",
          "It may send GET or HEAD to https://api.example.com:8443/v1/ and to everything below it.",
          "Only pages of https://a.example, https://b.example or https://c.example may use it.",
          "The client's address must be in 10.1.2.3 or 2001:db8::/64.",
          "An exchange may last 60 s at most.",
          "It may send any number of requests, as far as the gateway allows.",
          "A request may say anything that the gateway's rules allow.",
        ],
      },
      life: {
        signedAt: "2026-11-22T09:08:07.000Z",
        expiresAt: "2026-11-22T09:13:07.000Z",
        expires: 300,
        state: "valid",
      },
    });
  });

  test("a token that limits nothing", async () => {
    const { parts } = await explain(good);
    expect(parts?.grants).toEqual([
      "It may send every request that the gateway's rules allow.",
      "Pages of every origin and programs may use it.",
      "The client may have any address.",
      "An exchange may last as long as the gateway allows.",
      "It may send any number of requests, as far as the gateway allows.",
      "A request may say anything that the gateway's rules allow.",
    ]);
  });

  test.each<[string, string]>([
    ["without a secret", good],
    ["with a secret of another", make({ secret: "quite another secret of some length" })],
    ["of a key set", withHeader({ alg: "ES256" })],
  ])("a token %s, unchecked", async (_, token) => {
    expect(await explainToken(token, { now: NOW })).toMatchObject({
      accepted: undefined,
      signature: "unchecked",
      causes: [],
    });
  });

  test("times that no calendar has, and a token without iat", async () => {
    const { life } = await explain(withClaims({ exp: Number.MAX_SAFE_INTEGER, iat: undefined }));
    expect(life).toEqual({ state: "valid" });
  });

  test("limits and clocks of the gateway", async () => {
    const long = await explain(good, { maxExpires: 299 });
    expect(long.causes).toMatchObject([{ code: "token_lifetime_too_long" }]);
    const early = withClaims({ nbf: SECONDS + 200 });
    expect((await explain(early)).accepted).toBe(true);
    expect((await explain(early, { clockSkew: 199 })).life).toMatchObject({ state: "early" });
  });
});

test("explainToken tells nothing of the token, the signature and the secret", async () => {
  for (const [, token, options] of [...SIGNATURES, ["" as CauseCode, good] as const]) {
    const text = JSON.stringify(await explain(token, options));
    for (const hidden of [...token.split("."), SECRET, LETTERS, OTHER.secrets[0]!]) {
      if (hidden.length > 8) expect(text).not.toContain(hidden);
    }
  }
});

test.each<[text: string, isToken: boolean]>([
  [good, true],
  [good.slice(0, 30), true],
  [`Bearer ${good.slice(0, 30)}`, true],
  ["a.b.c", true],
  ["https://a.b.example/", false],
  [`https://a.example/~${good}/b.example/`, false],
  ["", false],
  ["edge.example", false],
])("isTokenLike %#", (text, isToken) => {
  expect(isTokenLike(text)).toBe(isToken);
});
