import { describe, expect, test } from "bun:test";
import { verifyHmac } from "../../../../lib/runtime/crypto/verify_hmac.ts";
import {
  assertTokenAudience,
  assertTokenCurrent,
  parseToken,
  peekToken,
  TokenError,
  verifyToken,
  type VerifyTokenOptions,
} from "../../../../lib/signing/verify.ts";
import { CLAIMS, HEADER, jws, NOW, SECRET, tokenWith } from "./jws.ts";

const verify = (token: string, options: Partial<VerifyTokenOptions> = {}) =>
  verifyToken(token, { findSecrets: () => [SECRET], now: () => NOW * 1000, ...options });

const refusalOf = async (work: () => unknown): Promise<TokenError> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof TokenError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("verifyToken", () => {
  test("asks for the secrets of the issuer, once, and may wait for them", async () => {
    const asked: string[] = [];
    const findSecrets = async (id: string) => (asked.push(id), ["x".repeat(32), SECRET]);
    expect(await verify(tokenWith(), { findSecrets })).toMatchObject({ secret: 1, permits: {} });
    expect(asked).toEqual(["web"]);
  });

  test("asks for nothing when the form is wrong, and rejects with what findSecrets throws", async () => {
    const lost = new Error("lost");
    const findSecrets = () => Promise.reject(lost);
    const malformed = await refusalOf(() => verify(tokenWith({ sw: undefined }), { findSecrets }));
    expect(malformed.code).toBe("token_malformed");
    await expect(verify(tokenWith(), { findSecrets })).rejects.toBe(lost);
  });

  test("computes no HMAC for a short secret, another algorithm or another length", async () => {
    let computed = 0;
    const count = { verifyHmac: () => (computed++, Promise.resolve(true)) };
    const [head, payload] = tokenWith().split(".");
    for (const [token, secret] of [
      [tokenWith(), "short"],
      [jws({ alg: "none" }, CLAIMS), SECRET],
      [`${head}.${payload}.`, SECRET],
      [`${head}.${payload}.${"A".repeat(42)}`, SECRET],
      [`${head}.${payload}.${"A".repeat(44)}`, SECRET],
    ] as const) {
      await refusalOf(() => verify(token, { ...count, findSecrets: () => [secret] }));
    }
    expect(computed).toBe(0);
    await verify(tokenWith(), count);
    expect(computed).toBe(1);
  });

  test("compares with the function that it is given, such as the gateway's", async () => {
    expect(await verify(tokenWith(), { verifyHmac })).toMatchObject({ issuer: "web" });
    const refusal = await refusalOf(() => verify(tokenWith({}, `${SECRET}x`), { verifyHmac }));
    expect(refusal.code).toBe("token_signature_mismatch");
  });

  test("checks the clock when the secrets are there, not before", async () => {
    let time = NOW * 1000;
    const findSecrets = async () => ((time = CLAIMS.exp * 1000), [SECRET]);
    const refusal = await refusalOf(() => verify(tokenWith(), { findSecrets, now: () => time }));
    expect(refusal.code).toBe("token_expired");
  });

  test.each([CLAIMS.exp * 1000 - 1, CLAIMS.exp * 1000, NaN])(
    "at the millisecond %d",
    async (now) => {
      const outcome = await verify(tokenWith(), { now: () => now }).catch(({ code }) => code);
      expect(typeof outcome === "string").toBe(!(now < CLAIMS.exp * 1000));
    },
  );
});

describe("a refusal names the claim, and what is known of the token", () => {
  const times = { issuedAt: NOW * 1000, expiresAt: CLAIMS.exp * 1000, now: NOW * 1000 };
  test.each<[string, string, object, string]>([
    [
      "a key of WebSockets",
      tokenWith({ sw: { binary: 1 } }),
      { claim: "sw.binary", reason: "is not true or false" },
      "token_malformed: sw.binary is not true or false",
    ],
    [
      "a key that is not known",
      tokenWith({ sw: { model: ["a"] } }),
      { claim: "sw.model", reason: "is not known" },
      "token_malformed: sw.model is not known",
    ],
    [
      "a key that is a secret by mistake",
      tokenWith({ sw: { [`${SECRET}${SECRET}`]: 1 } }),
      { claim: "sw", reason: "is not known" },
      "token_malformed: sw is not known",
    ],
    [
      "a misplaced claim",
      tokenWith({ origins: [] }),
      { claim: "origins", reason: "belongs in sw" },
      "token_malformed: origins belongs in sw",
    ],
    [
      "JSON",
      jws(HEADER, '{"a":1,"A":"secret"}'),
      { claim: "payload", reason: "is refused: a name occurs twice in an object" },
      "token_malformed: payload is refused: a name occurs twice in an object",
    ],
    [
      "no token",
      "secret",
      { reason: "it is not three parts in base64url, or too long" },
      "token_malformed: it is not three parts in base64url, or too long",
    ],
    [
      "the algorithm",
      jws({ alg: "RS256" }, CLAIMS),
      { claim: "header.alg", issuer: "web" },
      "token_signature_mismatch: header.alg",
    ],
    ["the signature", tokenWith({}, "x".repeat(32)), { issuer: "web" }, "token_signature_mismatch"],
    [
      "the life",
      tokenWith({ exp: NOW + 10_000_000 }),
      { claim: "exp", issuer: "web", times: { ...times, expiresAt: (NOW + 10_000_000) * 1000 } },
      "token_lifetime_too_long: exp",
    ],
    [
      "the start",
      tokenWith({ nbf: NOW + 301, exp: NOW + 600, iat: undefined }),
      {
        claim: "nbf",
        issuer: "web",
        times: { notBefore: (NOW + 301) * 1000, expiresAt: (NOW + 600) * 1000, now: NOW * 1000 },
      },
      "token_not_yet_valid: nbf",
    ],
    [
      "the audience",
      tokenWith({ aud: "secret" }),
      { claim: "aud", issuer: "web" },
      "token_audience_mismatch: aud",
    ],
  ])("%s", async (_, token, details, message) => {
    const refusal = await refusalOf(() => verify(token));
    expect(refusal.details).toEqual(details);
    expect(refusal.message).toBe(message);
    expect(refusal.name).toBe("TokenError");
  });
});

describe("the checks of a token from a key set", () => {
  const token = (claims: object) =>
    parseToken(
      jws({ alg: "ES256", kid: "1" }, { iss: "https://id.example/", exp: NOW + 60, ...claims }),
    );
  const audience = "my-frontend";

  test("parseToken reads any algorithm, and no sw", () => {
    const { header, permits, claims } = token({ scope: "a b" });
    expect({ header, permits }).toEqual({
      header: { algorithm: "ES256", keyId: "1" },
      permits: undefined,
    });
    expect(claims["scope"]).toBe("a b");
  });

  test.each<[string, object, boolean]>([
    ["none", {}, false],
    ["another", { aud: "other" }, false],
    ["an empty list", { aud: [] }, false],
    ["the right one", { aud: audience }, true],
    ["the right one among others", { aud: ["other", audience] }, true],
  ])("assertTokenAudience, with %s", async (_, claims, isAccepted) => {
    const check = () => assertTokenAudience(token(claims), { audience, isRequired: true });
    if (isAccepted) return check();
    expect((await refusalOf(check)).code).toBe("token_audience_mismatch");
  });

  test("assertTokenAudience refuses every token where an audience is required and none is set", async () => {
    const check = () => assertTokenAudience(token({ aud: audience }), { isRequired: true });
    expect((await refusalOf(check)).code).toBe("token_audience_mismatch");
  });

  test("assertTokenCurrent has the clock and limits of the machine by default", async () => {
    const lasting = token({ exp: Math.floor(Date.now() / 1000) + 60 });
    assertTokenCurrent(lasting);
    const long = token({ exp: Math.floor(Date.now() / 1000) + 604_810 });
    expect((await refusalOf(() => assertTokenCurrent(long))).code).toBe("token_lifetime_too_long");
  });
});

describe("peekToken", () => {
  const part = (text: string) => Buffer.from(text).toString("base64url");
  test.each<[string, string, object]>([
    ["a token", tokenWith(), { issuer: "web", audience: [] }],
    ["a token with an audience", tokenWith({ aud: "a" }), { issuer: "web", audience: ["a"] }],
    [
      "a token with audiences",
      tokenWith({ aud: ["a", 1, "b"] }),
      { issuer: "web", audience: ["a", "b"] },
    ],
    ["a token with an odd audience", tokenWith({ aud: { a: 1 } }), { issuer: "web", audience: [] }],
    [
      "an expired token of nobody",
      tokenWith({ iss: "x", exp: 0 }, "y"),
      { issuer: "x", audience: [] },
    ],
    ["no signature", `${part("{}")}.${part('{"iss":"web"}')}.`, { issuer: "web", audience: [] }],
    ["a header of garbage", `AAAA.${part('{"iss":"web"}')}.AA`, { issuer: "web", audience: [] }],
    [
      "a repeated iss",
      `e30.${part('{"iss":"a","iss":"web"}')}.AA`,
      { issuer: "web", audience: [] },
    ],
  ])("sees whose it is: %s", (_, text, peeked) => expect(peekToken(text)).toEqual(peeked as never));

  test("agrees with parseToken", () => {
    const { issuer, audience } = parseToken(tokenWith({ aud: ["a", "b"] }));
    expect(peekToken(tokenWith({ aud: ["a", "b"] }))).toEqual({ issuer, audience: audience! });
  });
});
