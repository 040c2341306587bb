import { describe, expect, test } from "bun:test";
import { signToken, type TokenOptions } from "../../../../lib/signing/mod.ts";
import { TokenError, verifyToken } from "../../../../lib/signing/verify.ts";
import { parsePermits } from "../../../../lib/signing/token/permits.ts";
import { jsonValue } from "../../gateway/policy/plain_json.ts";
import { jws, NOW, SECRET } from "./jws.ts";
import { WRONG_ENTRIES } from "./vectors_grants.ts";
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

describe("signToken refuses", () => {
  const KEY = "k".repeat(31);
  test.each<[string, object, typeof TypeError | typeof RangeError]>([
    ["no id", { id: "" }, TypeError],
    ["no secret", { secret: undefined }, TypeError],
    ["a secret of 31 bytes", { secret: KEY }, TypeError],
    ["a secret of 32 blanks", { secret: " ".repeat(32) }, TypeError],
    ["a secret of white space", { secret: " \t\r\n\u00a0\ufeff".repeat(8) }, TypeError],
    ["no life", { expires: 0 }, TypeError],
    ["a life that has ended", { expires: -1 }, TypeError],
    ["half a second", { expires: 0.5 }, TypeError],
    ["a life that is a text", { expires: "300" }, TypeError],
    ["an endless life", { expires: Infinity }, TypeError],
    ["an empty subject", { subject: "" }, TypeError],
    ["a subject of 257 code points", { subject: "\u{1f511}".repeat(257) }, TypeError],
    ["a subject with half a surrogate pair", { subject: "\ud83d" }, TypeError],
    ["an empty jti", { jti: "" }, TypeError],
    ["a jti of 129 code points", { jti: "x".repeat(129) }, TypeError],
    ["an invalid date", { now: new Date(NaN) }, RangeError],
    ["an invalid notBefore", { notBefore: new Date(NaN) }, RangeError],
    ["no targets", { to: [] }, TypeError],
    ["a target in place of a list", { to: "https://a.example/" }, TypeError],
    ["no origins", { origins: [] }, TypeError],
    ["no addresses", { ips: [] }, TypeError],
    ["no time", { seconds: 0 }, TypeError],
    ["a time that is a text", { seconds: "60" }, TypeError],
    ["an option that there is not", { binaries: true }, TypeError],
    ["no uses", { uses: 0 }, TypeError],
    ["a rate that is a number", { rate: 10 }, TypeError],
    ["half an exchange", { concurrent: 0.5 }, TypeError],
    ["bytes that are a text", { bytes: "1" }, TypeError],
    ["no tokens", { tokens: -1 }, TypeError],
    ["no cost", { cost: 0 }, TypeError],
    ["the key of a token in place of onAbort", { on_abort: "drain" }, TypeError],
    ["no models", { models: [] }, TypeError],
    ["a model in place of a list", { models: "gpt-5-mini" }, TypeError],
    ["a blank model", { models: [" "] }, TypeError],
    ["a tool that is a number", { tools: [1] }, TypeError],
    ["no output tokens", { maxOutputTokens: 0 }, TypeError],
    ["the key of a token in place of an option", { max_output_tokens: 800 }, TypeError],
    ["a blank system message", { system: "\n" }, TypeError],
    ["an empty body", { body: {} }, TypeError],
    ["a name in place of a list of policies", { policy: "support-chat" }, TypeError],
    ["an option that is misspelt", { orgins: ["https://app.example"] }, TypeError],
    ["the name of a claim", { sub: "user-1" }, TypeError],
    ["8,193 characters", { to: [`https://a.example/${"x".repeat(6_100)}`] }, RangeError],
    ["315 entries", { ips: Array(315).fill("::1") }, RangeError],
    [
      "many entries in two lists",
      { ips: Array(200).fill("::1"), audience: Array(120).fill("a") },
      RangeError,
    ],
    ["a great many characters", { to: [`https://a.example/${"x".repeat(1_000_000)}`] }, RangeError],
    ...Object.entries(WRONG_ENTRIES).flatMap(([name, entries]) =>
      entries.map((entry): [string, object, typeof TypeError] => [
        `in ${name} ${JSON.stringify(entry).slice(0, 60)}`,
        { [name]: [name === "ips" ? "::1" : "https://a.example", entry] },
        TypeError,
      ]),
    ),
  ])("%s", async (_, options, type) => {
    const error = await sign(options).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).not.toBeInstanceOf(TokenError);
    expect(error.message).not.toContain(SECRET);
    expect(error.message).not.toContain(KEY);
  });
});

describe("signToken names the option that has a wrong type or form:", () => {
  const names = ["expires", "subject", "jti", "to", "origins", "ips", "seconds", "models"];
  const others = ["maxOutputTokens", "onExcess", "allow", "system", "tools", "body", "policy"];
  test.each(
    [...names, ...others, "orgins"].flatMap((name) =>
      [0, null, true, {}, "", [], [1], [null], [[]], ["\n"]].map((value) => [name, value] as const),
    ),
  )("%s: %j", async (name, value) => {
    const error = await sign({ [name]: value }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(`not for a token: ${name}`);
  });

  test.each([["https://a.example/"], [["a.example"]], [["ftp://a.example/"]], [["GET a"]]])(
    "to: %j",
    async (to) => {
      const error = await sign({ to: to as string[] }).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe("not for a token: to");
    },
  );
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
