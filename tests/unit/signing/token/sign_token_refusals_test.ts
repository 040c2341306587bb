import { describe, expect, test } from "bun:test";
import { signToken } from "../../../../lib/signing/mod.ts";
import { TokenError } from "../../../../lib/signing/verify.ts";
import { NOW, SECRET } from "./jws.ts";
import { WRONG_ENTRIES } from "./vectors_grants.ts";

const now = new Date(NOW * 1000);
const sign = (options: object) => signToken({ id: "web", secret: SECRET, now, ...options });

/** Its members are not its own. */
class Getters {
  get schema() {
    return false;
  }
  get type() {
    return "string";
  }
}

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
    ["a cost that is a text", { cost: "0.05" }, TypeError],
    ["an endless cost", { cost: Infinity }, TypeError],
    ["less than half a nano-dollar", { cost: 1e-12 }, TypeError],
    ["an id that is a number", { id: 5 }, TypeError],
    ["a notBefore that is null", { notBefore: null }, TypeError],
    ["a hole in a list", { models: [, "a"] }, TypeError],
    ["a name that every object inherits", { constructor: 1 }, TypeError],
    ["a symbol in a schema", { body: { schema: { const: Symbol("a") } } }, TypeError],
    ["a function in a schema", { messages: { a: { enum: [() => 1] } } }, TypeError],
    ["a Map in a schema", { body: { schema: { properties: new Map([["a", false]]) } } }, TypeError],
    ["an infinite number in a schema", { body: { schema: { maximum: -Infinity } } }, TypeError],
    ["getters of a class in a schema", { messages: { a: { allOf: [new Getters()] } } }, TypeError],
    ["a schema of a class", { body: { schema: new Getters() } }, TypeError],
    ["a body of a class", { body: new Getters() }, TypeError],
    ["a Map as session", { session: { tools: new Map() } }, TypeError],
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
  const more = ["audience", "uses", "rate", "concurrent", "bytes", "tokens", "cost", "messages"];
  const last = ["session", "onAbort", "id", "notBefore", "now", "orgins"];
  const wrong = [0, null, true, {}, "", [], [1], [null], [[]], ["\n"], () => 1, Symbol("a")];
  test.each([
    ...[...names, ...others, ...more, ...last].flatMap((name) =>
      wrong.map((value) => [name, value] as const),
    ),
    ...wrong.filter((value) => value !== true).map((value) => ["binary", value] as const),
  ])("%s: %p", async (name, value) => {
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
