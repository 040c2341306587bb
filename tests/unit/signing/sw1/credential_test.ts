import { describe, expect, test } from "bun:test";
import { SignatureError } from "../../../../lib/signing/verify.ts";
import { outcomeOf, SECRET, signedRequest, verify } from "../draft.ts";

const withCredential = (credential: string) =>
  signedRequest({ parameters: { "X-Sw-Credential": credential } });

describe("a credential without an id and a day is refused, though signed", () => {
  test.each([
    ["nothing", ""],
    ["a slash", "/"],
    ["two slashes", "//"],
    ["an id alone", "k"],
    ["an id and a slash", "k/"],
    ["an id and a letter", "k/d"],
    ["a day alone", "20261122"],
    ["a day without an id", "/20261122"],
    ["a slash at the end", "my-id/20261122/"],
    ["more behind the day", "my-id/20261122/region/service/sw1_request"],
    ["seven digits", "my-id/2026112"],
    ["nine digits", "my-id/202611220"],
    ["a sign", "my-id/+2026112"],
    ["a blank before the day", "my-id/ 20261122"],
    ["a blank after the day", "my-id/20261122 "],
    ["a newline after the day", "my-id/20261122\n"],
    ["other digits", "my-id/２０２６１１２２"],
    ["a backslash", "my-id\\20261122"],
    ["NUL in the id", "my\0id/20261122"],
    ["NUL at the id's end", "my-id\0/20261122"],
    ["a newline in the id", "my-id\nadmin/20261122"],
    ["CR in the id", "my-id\radmin/20261122"],
    ["DEL in the id", "my-id\x7f/20261122"],
    ["an escape sequence in the id", "\x1b[2J/20261122"],
  ])("%s", async (_, credential) => {
    expect(await outcomeOf(withCredential(credential))).toBe("parameter_malformed");
  });
});

describe("an unknown id is refused without a crash", () => {
  const apps = new Map([["my-id", [SECRET]]]);
  test.each([
    "k",
    "My-Id",
    "my-id/",
    "/my-id",
    "my-id//",
    " my-id",
    "my-id ",
    ".",
    "..",
    "../my-id",
    "*",
    "%",
    "my-id%00",
    "__proto__",
    "constructor",
    "prototype",
    "hasOwnProperty",
    "toString",
    "x".repeat(10_000),
    "ünïcode 🔑",
    "'; DROP TABLE apps; --",
    "${SW_ID}",
  ])("%s", async (id) => {
    const findSecrets = (id: string) => apps.get(id);
    expect(await outcomeOf(withCredential(`${id}/20261122`), { findSecrets })).toBe("app_unknown");
  });
});

describe("any other id works, with slashes in it too", () => {
  test.each([
    "my-id",
    "team/app",
    "team a/app",
    "a/b/c/d",
    "/leading",
    "trailing/",
    "20261122",
    "20261122/20261122",
    "ünïcode 🔑",
    "a+b&c=d;e:f?g#h%20",
    "__proto__",
    "constructor",
  ])("%s", async (id) => {
    const apps = new Map<string, string[]>([[id, [SECRET]]]);
    const findSecrets = (id: string) => apps.get(id);
    const url = await verify(withCredential(`${id}/20261122`), { findSecrets });
    expect(url.id).toBe(id);
  });
});

describe("what findSecrets does", () => {
  test("it is asked once, with the decoded id", async () => {
    const asked: string[] = [];
    const findSecrets = (id: string) => (asked.push(id), [SECRET]);
    await verify(signedRequest({ parameters: { "X-Sw-Credential": "a b/c/20261122" } }), {
      findSecrets,
    });
    expect(asked).toEqual(["a b/c"]);
  });

  test("it may be asynchronous", async () => {
    const known = { findSecrets: () => Promise.resolve([SECRET]) };
    expect(await outcomeOf(signedRequest(), known)).toBe("accepted");
    const unknown = { findSecrets: () => Promise.resolve(undefined) };
    expect(await outcomeOf(signedRequest(), unknown)).toBe("app_unknown");
  });

  test("its own failure is not taken for a refusal", async () => {
    const failure = new Error("the store is down");
    const refusal = verify(signedRequest(), { findSecrets: () => Promise.reject(failure) });
    await expect(refusal).rejects.toBe(failure);
  });

  test("any of an app's secrets verifies", async () => {
    for (const secrets of [[SECRET], ["new", SECRET], [SECRET, "old"], ["a", "b", SECRET]]) {
      expect(await outcomeOf(signedRequest(), { findSecrets: () => secrets })).toBe("accepted");
    }
  });

  test("no secret is named by a refusal", async () => {
    const request = signedRequest({ secret: "another" });
    const error = await verify(request).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(SignatureError);
    const { message, stack, details } = error as SignatureError;
    const told = JSON.stringify({ message, stack, details, error });
    expect(told).not.toContain(SECRET);
    expect(told).not.toMatch(/X-Sw-Signature=\w/);
  });
});
