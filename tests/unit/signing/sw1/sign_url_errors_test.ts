import { describe, expect, test } from "bun:test";
import { signRequest, signUrl, type SignOptions } from "../../../../lib/signing/mod.ts";

const UPSTREAM = "https://api.example.com/";

const OPTIONS: SignOptions = {
  gateway: "https://edge.example.net",
  id: "my-id",
  secret: "a secret that no message may hold",
};

async function errorOf(upstream: string, options: Partial<SignOptions>): Promise<unknown> {
  return await signUrl(upstream, { ...OPTIONS, ...options }).catch((error: unknown) => error);
}

const NOT_ABSOLUTE_HTTP = [
  "",
  "api.example.com",
  "/v1/items",
  "//api.example.com/",
  "https://",
  "http://exa mple.com/",
  "http://a:99999/",
  "ftp://api.example.com/",
  "file:///etc/passwd",
  "data:text/plain,hello",
  "blob:https://api.example.com/1",
  "javascript:alert(1)",
  "s3://bucket/key",
];

describe("signUrl throws a TypeError", () => {
  test.each(NOT_ABSOLUTE_HTTP)("for the upstream %j", async (upstream) => {
    const error = await errorOf(upstream, {});
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe("not an absolute http(s) URL");
  });

  test.each(NOT_ABSOLUTE_HTTP)("for the gateway %j", async (gateway) => {
    expect(await errorOf(UPSTREAM, { gateway })).toBeInstanceOf(TypeError);
  });

  test.each<[string, Partial<SignOptions>]>([
    ["an empty id", { id: "" }],
    ["an empty secret", { secret: "" }],
    ["a secret of blanks", { secret: "  " }],
    ["a secret of white space", { secret: "\r\n\t\u00a0" }],
    ["an id with a newline", { id: "a\nb" }],
    ["an id with NUL", { id: "\0" }],
    ["an id with DEL", { id: "a\x7f" }],
    ["a secret that an unset variable gave", { secret: undefined as never }],
    ["an id that an unset variable gave", { id: undefined as never }],
    ["a blank in a header's name", { headers: { "x y": "1" } }],
    ["a colon in a header's name", { headers: { "x:": "1" } }],
    ["a header's name that is not ASCII", { headers: { "x-é": "1" } }],
    ["a header without a name", { headers: { "": "1" } }],
    ["a header's name twice", { headers: { "X-Foo": "1", "x-foo": "1" } }],
    [
      "a header's name twice in pairs",
      {
        headers: [
          ["x-foo", "1"],
          ["x-foo", "2"],
        ],
      },
    ],
    ["a value that is no text", { headers: { "x-foo": 1 as never } }],
    ["a value that an unset variable gave", { headers: { "x-foo": undefined as never } }],
    ["a pair without a value", { headers: [["x-foo"]] }],
    ["headers that are inherited", { headers: Object.create({ "x-foo": "1" }) }],
    [
      "headers of a class",
      {
        headers: new (class {
          accept = "1";
        })() as never,
      },
    ],
    ["headers that are a text", { headers: "x-foo: 1" as never }],
    ["headers that are a number", { headers: 1 as never }],
  ])("for %s", async (_, options) => {
    expect(await errorOf(UPSTREAM, options)).toBeInstanceOf(TypeError);
  });

  test.each(
    ["\n", "\r", "\0", "\r\n"].flatMap((end) =>
      ["%canary", "canary%", "can%ary", " %canary"].map((text) => text.replace("%", end)),
    ),
  )("that does not quote the value of a header: %j", async (value) => {
    for (const headers of [{ "X-Foo": value }, [["x-foo", value]]]) {
      const error = await errorOf(UPSTREAM, { headers });
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toContain("x-foo");
      expect((error as Error).message).not.toContain("can");
    }
  });

  test.each<[string, unknown]>([
    ["an object", { model: "m" }],
    ["null", null],
    ["a number", 5],
    ["a list", [1]],
    ["an ArrayBuffer", new ArrayBuffer(1)],
    ["numbers of two bytes", new Uint16Array(1)],
    ["a Blob", new Blob(["x"])],
  ])("that says what a body is, for %s", async (_, body) => {
    const error = await errorOf(UPSTREAM, { body: body as never });
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(
      /^body must be a string or bytes; use JSON\.stringify/,
    );
    const request = { method: "POST", path: "/", body: body as never };
    const signing = signRequest(request, OPTIONS.secret, { fields: ["path", "body"] });
    await expect(signing).rejects.toThrow((error as Error).message);
  });
});

describe("signUrl throws a RangeError", () => {
  test.each([-1, 0.5, 60.5, NaN, Infinity, -Infinity, 2 ** 53, "60" as never, null as never])(
    "for expires %p",
    async (expires) => {
      expect(await errorOf(UPSTREAM, { expires })).toBeInstanceOf(RangeError);
    },
  );

  test.each([
    ["60" as never, "string 60"],
    [NaN, "number NaN"],
    [0.5, "number 0.5"],
  ])("that shows expires as it was given: %p", async (expires, shown) => {
    expect(String(await errorOf(UPSTREAM, { expires }))).toEndWith(`seconds, not ${shown}`);
  });

  test.each([NaN, Date.UTC(10_000, 0), 8.64e15, -8.64e15, Date.UTC(-1, 0)])(
    "for the date %p",
    async (time) => {
      expect(await errorOf(UPSTREAM, { now: new Date(time) })).toBeInstanceOf(RangeError);
    },
  );
});

test.each(["api.example.com/?key=canary", "canary", "ftp://canary:canary@a.example/"])(
  "no message of signUrl quotes a URL: %s",
  async (url) => {
    for (const error of [await errorOf(url, {}), await errorOf(UPSTREAM, { gateway: url })]) {
      expect(error).toBeInstanceOf(TypeError);
      expect(String((error as Error).stack)).not.toContain("canary");
    }
  },
);

test("no message of signUrl holds the secret", async () => {
  const failing = [{ id: "" }, { expires: -1 }, { gateway: "x" }, { now: new Date(NaN) }];
  for (const options of failing) {
    const error = await errorOf(UPSTREAM, options);
    expect(error).toBeInstanceOf(Error);
    expect(String((error as Error).stack)).not.toContain(OPTIONS.secret);
  }
});
