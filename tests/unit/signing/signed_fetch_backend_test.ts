import { describe, expect, test } from "bun:test";
import { createSignedFetch } from "../../../lib/signing/signed_fetch.ts";
import { expired, ok, scripted, UPSTREAM } from "./scripted_fetch.ts";

describe("createSignedFetch takes the backend's response:", () => {
  const signed = "https://gateway.example/?signed";

  test("its text is the URL", async () => {
    const { sent, send } = scripted([ok]);
    const signedFetch = createSignedFetch(() => new Response(signed), { fetch: send });
    expect(await (await signedFetch(UPSTREAM)).text()).toBe("answer");
    expect(sent.map(({ url }) => url)).toEqual([signed]);
  });

  test.each([
    [401, "sign in first", "text/plain"],
    [403, '{"error":{"message":"not here"}}', "application/json"],
    [429, "later", "text/html"],
    [500, "", "text/plain"],
    [503, "down", "text/plain"],
  ])("%i is the caller's, and says that it is final", async (status, body, type) => {
    const { sent, send } = scripted([ok]);
    const headers = { "Content-Type": type, "X-Backend": "1" };
    let asked = 0;
    const refuse = async () => (asked++, new Response(body, { status, headers }));
    const response = await createSignedFetch(refuse, { fetch: send })(UPSTREAM);
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": type,
      "x-backend": "1",
      "x-should-retry": "false",
    });
    expect([asked, sent]).toEqual([1, []]);
  });

  test("a second one that refuses is the caller's too", async () => {
    const { sent, send } = scripted([expired]);
    const answers = [new Response(signed), new Response("not again", { status: 403 })];
    const response = await createSignedFetch(() => answers.shift()!, { fetch: send })(UPSTREAM);
    expect([response.status, await response.text()]).toEqual([403, "not again"]);
    expect(sent).toHaveLength(1);
  });

  test("a page in place of a URL is an error", async () => {
    const page = () => new Response("<!doctype html><title>Sign in</title>");
    await expect(createSignedFetch(page)(UPSTREAM)).rejects.toThrow(TypeError);
  });

  test("one without a status is given back as it is", async () => {
    const response = Response.error();
    expect(await createSignedFetch(() => response)(UPSTREAM)).toBe(response);
  });
});

test("createSignedFetch throws what the backend's answer throws", async () => {
  const failure = new Error("not allowed");
  const refusing = [
    () => Promise.reject(failure),
    () => {
      throw failure;
    },
  ];
  for (const getSignedUrl of refusing) {
    await expect(createSignedFetch(getSignedUrl)(UPSTREAM)).rejects.toBe(failure);
  }
});

describe("createSignedFetch sends nothing when the backend's answer is no absolute http(s) URL:", () => {
  const signed = "https://gateway.example/?X-Sw-Signature=canary";
  const wrong: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["JSON", JSON.stringify({ url: signed })],
    ["an object", { url: signed }],
    ["a quoted URL", JSON.stringify(signed)],
    ["a path", "/?X-Sw-Signature=canary"],
    ["a URL without a scheme", signed.slice("https:".length)],
    ["a scheme without its slashes", signed.replace("//", "")],
    ["a URL of another scheme", signed.replace("https", "ftp")],
    ["a URL object of another scheme", new URL("data:text/plain,canary")],
    ["a URL without a host", "https://?X-Sw-Signature=canary"],
    ["a page", "<!doctype html><title>Sign in</title>"],
  ];
  test.each(wrong)("%s", async (_, answer) => {
    const { sent, send } = scripted([ok]);
    const signedFetch = createSignedFetch(() => answer as string, { fetch: send });
    const error = await signedFetch(UPSTREAM, { method: "POST", body: "x" }).catch((it) => it);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("getSignedUrl must return an absolute http(s) URL");
    expect(sent).toEqual([]);
  });

  test("nor the second time", async () => {
    const { sent, send } = scripted([expired, ok]);
    const answers = [signed, "/"];
    const signedFetch = createSignedFetch(() => answers.shift()!, { fetch: send });
    await expect(signedFetch(UPSTREAM)).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(1);
  });
});
