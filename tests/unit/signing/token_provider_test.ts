import { describe, expect, test } from "bun:test";
import { createTokenProvider } from "../../../lib/signing/signed_fetch.ts";
import { NOW, tokenWith } from "./token/jws.ts";

/** A provider with a clock that is set, in seconds from the signing of the first token. */
function providerWith(life: number, more: object = {}) {
  const clock = { seconds: 0, asked: 0 };
  const provide = createTokenProvider(
    async () => {
      const iat = NOW + clock.seconds;
      return tokenWith({ iat, exp: iat + life, jti: String(++clock.asked), ...more });
    },
    { now: () => (NOW + clock.seconds) * 1000 },
  );
  const askedAt = async (seconds: number) => {
    clock.seconds = seconds;
    await provide();
    return clock.asked;
  };
  return { provide, askedAt };
}

describe("createTokenProvider keeps a token", () => {
  test.each<[string, number, number]>([
    ["until 30 s before it expires", 3_600, 3_570],
    ["until a tenth of its life before it expires, where that is short", 100, 90],
    ["for a part of a second", 1, 0.9],
  ])("%s", async (_, life, renewal) => {
    const { askedAt } = providerWith(life);
    expect(await askedAt(0)).toBe(1);
    expect(await askedAt(renewal - 0.001)).toBe(1);
    expect(await askedAt(renewal)).toBe(2);
    expect(await askedAt(renewal + 0.001)).toBe(2);
    expect(await askedAt(2 * renewal)).toBe(3);
  });

  test("no longer than it was signed for, where this clock is slow", async () => {
    const { askedAt } = providerWith(100, { iat: NOW + 3_600, exp: NOW + 3_700 });
    expect(await askedAt(0)).toBe(1);
    expect(await askedAt(89)).toBe(1);
    expect(await askedAt(90)).toBe(2);
  });

  test("not at all when it has expired by this clock, and gives it all the same", async () => {
    const { provide, askedAt } = providerWith(100, { iat: NOW - 200, exp: NOW - 100 });
    expect(await askedAt(0)).toBe(1);
    expect(await askedAt(0)).toBe(2);
    expect(await provide()).toContain(".");
  });

  test("without iat", async () => {
    const { askedAt } = providerWith(100, { iat: undefined });
    expect(await askedAt(0)).toBe(1);
    expect(await askedAt(89)).toBe(1);
    expect(await askedAt(90)).toBe(2);
  });
});

describe("createTokenProvider gives no expired token", () => {
  const HOUR = 3_600;
  test.each<[string, number, number]>([
    ["after its clock was set back by an hour", 0, -HOUR],
    ["after its clock was an hour fast", HOUR, 0],
    ["after its clock was an hour slow", -HOUR, 0],
    ["while its clock is an hour fast", HOUR, HOUR],
    ["while its clock is an hour slow", -HOUR, -HOUR],
    ["after its clock was a second fast", 1, 0],
  ])("%s", async (_, before, after) => {
    let seconds = 0;
    let ahead = before;
    let asked = 0;
    const provide = createTokenProvider(
      async () => (asked++, tokenWith({ iat: NOW + seconds, exp: NOW + seconds + 300 })),
      { now: () => (NOW + seconds + ahead) * 1000 },
    );
    await provide();
    ahead = after;
    for (; seconds < 2 * HOUR; seconds += 10) {
      const [, payload] = (await provide()).split(".");
      const { exp } = JSON.parse(Buffer.from(payload!, "base64url").toString());
      expect(exp).toBeGreaterThan(NOW + seconds);
    }
    if (after <= 0) expect(asked).toBeLessThan(30);
  });
});

function responseOf(type: string, token: string): Response {
  return new Response(JSON.stringify({ token }), { headers: { "Content-Type": type } });
}

describe("createTokenProvider", () => {
  const valid = () => tokenWith({ iat: undefined, exp: Math.floor(Date.now() / 1000) + 300 });

  test("shares one request among callers, before and after it was answered", async () => {
    const answer = Promise.withResolvers<string>();
    let asked = 0;
    const provide = createTokenProvider(() => (asked++, answer.promise));
    const callers = Array.from({ length: 100 }, () => provide());
    answer.resolve(valid());
    expect(new Set(await Promise.all(callers)).size).toBe(1);
    expect(await provide()).toBe(await callers[0]!);
    expect(asked).toBe(1);
  });

  test("does not keep a failure: all who wait get it, and the next one asks again", async () => {
    const lost = new Error("lost");
    const answers = [
      () => Promise.reject(lost),
      () => {
        throw lost;
      },
      () => Promise.resolve(valid()),
    ];
    let asked = 0;
    const provide = createTokenProvider(() => answers[asked++]!());
    const outcomes = await Promise.allSettled([provide(), provide(), provide()]);
    expect(outcomes.map((it) => it.status === "rejected" && it.reason)).toEqual([lost, lost, lost]);
    expect(asked).toBe(1);
    await expect(provide()).rejects.toBe(lost);
    expect(await provide()).toContain(".");
    expect(asked).toBe(3);
  });

  test("renews after an error while the old token is still there", async () => {
    const clock = { now: NOW * 1000 };
    const answers = [
      () => tokenWith(),
      () => {
        throw new Error("lost");
      },
      () => tokenWith({ exp: NOW + 900 }),
    ];
    const provide = createTokenProvider(() => answers.shift()!(), { now: () => clock.now });
    expect(await provide()).toBe(tokenWith());
    clock.now += 270_000;
    await expect(provide()).rejects.toThrow("lost");
    expect(await provide()).toBe(tokenWith({ exp: NOW + 900 }));
  });

  test.each([
    ["as text", (token: string) => new Response(token)],
    ["as JSON", (token: string) => Response.json({ token })],
    [
      "as JSON with a charset",
      (token: string) => responseOf("Application/JSON; charset=utf-8", token),
    ],
  ])("reads a response of the backend %s", async (_, respond) => {
    const token = valid();
    using server = Bun.serve({ port: 0, fetch: () => respond(token) });
    expect(await createTokenProvider(() => fetch(server.url))()).toBe(token);
  });

  test.each([[null], [{}], [{ token: 1 }], [{ access_token: valid() }], [valid()]])(
    "rejects with a TypeError JSON without a token: %j",
    async (value) => {
      const error = await createTokenProvider(() => Response.json(value))().catch(
        (thrown) => thrown,
      );
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe("fetchToken must give a token with exp");
    },
  );

  test.each([["%"], ["{"], ["%."], [`{"token":"%"`], [`{"token":%}`], [""]])(
    "rejects invalid JSON without quoting it: %j",
    async (form) => {
      const response = responseOf("application/json", "");
      const text = form.replace("%", valid());
      const given = new Response(text, { headers: response.headers });
      const error = await createTokenProvider(() => given)().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe("fetchToken must give a token with exp");
      expect(error.cause).toBeUndefined();
    },
  );

  test("rejects with the error of JSON that breaks off", async () => {
    const cut = new Error("cut");
    const body = new ReadableStream({ pull: (controller) => controller.error(cut) });
    const { headers } = responseOf("application/json", "");
    const provide = createTokenProvider(() => new Response(body, { headers }));
    await expect(provide()).rejects.toBe(cut);
  });

  test("rejects with the status of a refusal, which it does not keep", async () => {
    let asked = 0;
    const answer = () => new Response("who are you?", { status: ++asked === 1 ? 401 : 503 });
    using server = Bun.serve({ port: 0, fetch: answer });
    const provide = createTokenProvider(() => fetch(server.url));
    for (const status of [401, 503]) {
      const error = await provide().catch((thrown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ status, text: "who are you?" });
      expect(error.message).toBe(`the backend gave no token: status ${status}: who are you?`);
    }
  });

  test("has no more than 500 characters of a refusal, and its status in any case", async () => {
    const long = createTokenProvider(() => new Response("x".repeat(501), { status: 403 }));
    const { message, text } = await long().catch((thrown) => thrown);
    expect(text).toBe("x".repeat(500));
    expect(message).toBe(`the backend gave no token: status 403: ${text}`);
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("cut")) });
    for (const body of [null, broken]) {
      const error = await createTokenProvider(() => new Response(body, { status: 500 }))().catch(
        (thrown) => thrown,
      );
      expect(error).toMatchObject({ status: 500, text: "" });
      expect(error.message).toBe("the backend gave no token: status 500");
    }
  });

  test.each([
    ["nothing", ""],
    ["a page", "<!doctype html>"],
    ["a token in quotation marks", `"${valid()}"`],
    ["a token without exp", tokenWith({ exp: undefined })],
    ["a token whose exp is a text", tokenWith({ exp: "1" })],
    ["a payload that is null", "e30.bnVsbA.AA"],
  ])("rejects with a TypeError what is no token: %s", async (_, text) => {
    const error = await createTokenProvider(() => text)().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("fetchToken must give a token with exp");
  });
});
