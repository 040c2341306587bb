import { describe, expect, test } from "bun:test";
import { signToken, type TokenOptions } from "../../../../lib/signing/mod.ts";
import { verifyToken } from "../../../../lib/signing/verify.ts";
import { parsePermits } from "../../../../lib/signing/token/permits.ts";
import { jsonValue } from "../../gateway/policy/plain_json.ts";
import { jws, NOW, SECRET } from "./jws.ts";
import { tokenVectors } from "./vectors.ts";

const now = new Date(NOW * 1000);
const sign = (options: object = {}) => signToken({ id: "web", secret: SECRET, now, ...options });
const verify = (token: string, audience?: string) =>
  verifyToken(token, { findSecrets: () => [SECRET], now: () => NOW * 1000, audience });
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());

describe("signToken", () => {
  test("signs the token that RFC 7515 says, with a life of 300 s and everything granted", async () => {
    const claims = { iss: "web", iat: NOW, exp: NOW + 300, sw: {} };
    expect(await sign()).toBe(jws({ alg: "HS256", typ: "JWT" }, claims));
  });

  test("writes each option into its claim", async () => {
    const grant = {
      to: ["POST https://api.openai.com/v1/responses", "GET,POST https://api.example.com:8443/v1/"],
      origins: ["https://app.example"],
      ips: ["192.0.2.0/24", "2001:db8::/64"],
      seconds: 30,
      models: ["gpt-5-mini"],
      allow: ["tools"],
      system: "You are helpful.",
      tools: ["search"],
      body: { schema: { type: "object" } },
      policy: ["support-chat"],
    };
    const token = await sign({
      subject: "Ada \u{1f511}",
      expires: 60,
      audience: ["https://gateway.example", "other"],
      jti: "1",
      notBefore: new Date((NOW + 10) * 1000 + 999),
      maxOutputTokens: 800,
      onExcess: "refuse",
      ...grant,
    });
    expect(claimsOf(token)).toEqual({
      iss: "web",
      sub: "Ada \u{1f511}",
      aud: ["https://gateway.example", "other"],
      iat: NOW,
      nbf: NOW + 10,
      exp: NOW + 60,
      jti: "1",
      sw: { ...grant, max_output_tokens: 800, on_excess: "refuse" },
    });
    expect(await verify(token, "https://gateway.example")).toMatchObject({
      issuer: "web",
      subject: "Ada \u{1f511}",
      tokenId: "1",
      audience: ["https://gateway.example", "other"],
      issuedAt: NOW * 1000,
      notBefore: (NOW + 10) * 1000,
      expiresAt: (NOW + 60) * 1000,
      secret: 0,
      permits: {
        to: [
          { methods: ["POST"], origin: "https://api.openai.com", path: "/v1/responses" },
          { methods: ["GET", "POST"], origin: "https://api.example.com:8443", path: "/v1/" },
        ],
        origins: ["https://app.example"],
        ips: [
          { address: "192.0.2.0", bits: 24 },
          { address: "2001:db8::", bits: 64 },
        ],
        seconds: 30,
        policy: {
          models: ["gpt-5-mini"],
          maxOutputTokens: 800,
          onExcess: "refuse",
          allow: ["tools"],
          system: "You are helpful.",
          tools: ["search"],
          body: { schema: { type: "object" } },
        },
        policyNames: ["support-chat"],
      },
    });
  });

  test("gives a token that counts an id, unless it has one", async () => {
    const limits = { uses: 3, rate: "10/min", concurrent: 2, bytes: 5, tokens: 7, cost: 0.05 };
    const { jti, sw } = claimsOf(await sign({ ...limits, onAbort: "drain" }));
    expect(sw).toEqual({ ...limits, on_abort: "drain" });
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect((await verify(await sign({ ...limits, jti: "1" }))).permits.limits).toEqual({
      uses: 3,
      rate: { count: 10, period: "min", burst: 1 },
      concurrent: 2,
      bytes: 5,
      tokens: { limit: 7 },
      cost: { limit: 50_000_000 },
    });
    for (const [name, value] of Object.entries(limits)) {
      expect(claimsOf(await sign({ [name]: value })).jti).not.toBe(jti);
      expect(claimsOf(await sign({ [name]: value, jti: "1" })).jti).toBe("1");
    }
    expect(claimsOf(await sign({ onAbort: "drain", seconds: 1 }))).not.toHaveProperty("jti");
  });

  test.each([
    [300, {}],
    [300, { audience: "a", to: ["https://a.example/"], origins: ["https://a.example"] }],
  ])("has room for %d entries and every option", async (count, lists) => {
    const more = { subject: "a", jti: "b", notBefore: now, seconds: 1 };
    const token = await sign({ ...lists, ...more, ips: Array(count).fill("::1") });
    expect((await verify(token, "a")).permits.ips).toHaveLength(count);
  });

  test("leaves out options that are undefined", async () => {
    const options = { subject: undefined, expires: undefined, to: undefined, jti: undefined };
    expect(await sign(options)).toBe(await sign());
  });

  test("signs now, when it is not told when", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { iat, exp } = claimsOf(await signToken({ id: "web", secret: SECRET }));
    expect(iat).toBeGreaterThanOrEqual(before);
    expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
    expect(exp - iat).toBe(300);
  });
});

/** The options with the names that they have in JavaScript. */
function optionsFor(sw: Record<string, unknown>): object {
  const { max_output_tokens, on_excess, on_abort, ...others } = sw;
  return {
    ...others,
    maxOutputTokens: max_output_tokens,
    onExcess: on_excess,
    onAbort: on_abort,
  };
}

describe("signToken can grant what the vectors grant:", () => {
  // A host in capitals and a default port are accepted, and signToken wants them as URLs are written.
  const odd = /capitals in its host|default port/;
  const granted = tokenVectors().cases.filter(({ name, granted }) => granted && !odd.test(name));
  test.each(granted.map(({ name, granted }) => [name, granted!] as const))(
    "%s",
    async (_, { sub, sw }) => {
      const { subject, permits } = await verify(
        await sign({ subject: sub, ...optionsFor(sw as Record<string, unknown>) } as TokenOptions),
      );
      expect(subject).toBe(sub);
      expect(permits).toEqual(parsePermits(jsonValue(sw))!);
    },
  );
});
