import { describe, expect, test } from "bun:test";
import { signToken, type TokenOptions } from "../../../../lib/signing/mod.ts";
import { NOW, SECRET } from "./jws.ts";

const now = new Date(NOW * 1000);
const sign = (options: object) => signToken({ id: "web", secret: SECRET, now, ...options });
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());

describe("signToken reads options that are not the object's own:", () => {
  const limits = {
    to: ["POST https://api.openai.com/v1/responses"],
    origins: ["https://app.example"],
    ips: ["192.0.2.1"],
    seconds: 30,
    models: ["gpt-5-mini"],
    maxOutputTokens: 100,
    onExcess: "refuse",
    allow: ["tools"],
    system: "You are helpful.",
    tools: ["search"],
    body: { schema: { type: "object" } },
    messages: { a: true },
    binary: true,
    session: { model: "m" },
    uses: 1,
    rate: "1/s",
    concurrent: 1,
    bytes: 1,
    tokens: 1,
    cost: 1,
    onAbort: "drain",
    policy: ["a"],
  };
  const options = { subject: "a", audience: "b", jti: "c", notBefore: now, expires: 10, ...limits };
  const all: Record<string, unknown> = { id: "web", secret: SECRET, now, ...options };
  const gettersOf = () =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { get: () => value }]));

  test.each<[string, object]>([
    ["inherited ones", Object.create(all)],
    ["getters that cannot be listed", Object.create(null, gettersOf())],
    ["getters of a class", Object.create(Object.create(null, gettersOf()))],
  ])("%s", async (_, given) => {
    expect(claimsOf(await signToken(given as TokenOptions))).toEqual(claimsOf(await sign(options)));
  });

  test("an unknown one is refused", async () => {
    const given = Object.create({ ...all, model: ["gpt-5-mini"] });
    await expect(signToken(given)).rejects.toThrow("not for a token: model");
  });

  test("each is read once", async () => {
    let reads = 0;
    const given = {
      id: "web",
      secret: SECRET,
      get uses() {
        return ++reads;
      },
    };
    expect(claimsOf(await signToken(given)).sw).toEqual({ uses: 1 });
  });
});
