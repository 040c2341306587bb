import { describe, expect, test } from "bun:test";
import { pathWithoutTokens } from "../../../../lib/gateway/record/path_without_tokens.ts";
import { base64Url, mint } from "../../../support/minted.ts";

const TOKEN = mint();
// Its base64url begins with `ew` and not with `eyJ`, as a library that indents JSON writes it.
const INDENTED = mint({ rawHeader: '{\n  "alg": "HS256"\n}', rawPayload: '{\n  "iss": "a"\n}' });
const PARTS = [...TOKEN.split("."), ...INDENTED.split(".")].filter((part) => part.length >= 16);

const escaped = (text: string) =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16)}`).join("");

/** How a path may hold a token, and what is left of the path. */
const PLACES: readonly (readonly [what: string, path: (token: string) => string, left: string])[] =
  [
    ["a segment", (token) => `/x/${token}/y`, "/x/…/y"],
    ["the last segment", (token) => `/x/${token}`, "/x/…"],
    ["behind a tilde", (token) => `/~${token}/y`, "/…/y"],
    ["behind an encoded tilde", (token) => `/%7E${token}/y`, "/…/y"],
    ["behind a semicolon", (token) => `/x;${token}/y`, "/x;…/y"],
    ["as a matrix parameter", (token) => `/x;k=${token}/y`, "/x;k=…/y"],
    ["behind a comma", (token) => `/x,${token}`, "/x,…"],
    ["behind a colon", (token) => `/a:${token}`, "/a:…"],
    ["behind an at sign", (token) => `/a@${token}`, "/a@…"],
    ["in quotes", (token) => `/'${token}`, "/'…"],
    ["behind an encoded slash", (token) => `/x%2F${token}/y`, "/x%2F…/y"],
    ["behind a blank", (token) => `/x/%20${token}`, "/x/%20…"],
  ];

describe.each([
  ["a token", TOKEN],
  ["a token with an indented header", INDENTED],
])("no path has %s:", (_, token) => {
  test.each(PLACES)("%s", (_place, path, left) => {
    expect(pathWithoutTokens(path(token))).toBe(left);
    expect(pathWithoutTokens(path(token.replaceAll(".", "%2e")))).toBe(left);
    expect(pathWithoutTokens(path(token.replaceAll(".", "%2E")))).toBe(left);
    expect(pathWithoutTokens(path(escaped(token)))).toBe(left);
  });

  test.each<[string, (token: string) => string]>([
    ["behind a wrong escape", (text) => `/x/%zz${text}`],
    ["behind a scheme", (text) => `/bearer.${text}`],
    ["behind a word", (text) => `/x-${text}`],
    ["behind another", (text) => `/${text}.${text},${text}`],
    ["before a word", (text) => `/${text}.json`],
  ])("%s", (_place, path) => {
    const left = pathWithoutTokens(path(token));
    expect(left).toContain("…");
    for (const part of PARTS) expect(left).not.toContain(part);
  });
});

test("no path has an object of JSON that is cut or has no signature", () => {
  const header = base64Url('{"alg":"HS256"}');
  for (const text of [header, header.slice(0, 6), `${header}.`, `${header}..`]) {
    expect(pathWithoutTokens(`/a/b;${text}/c`)).toBe("/a/b;…/c");
  }
});

describe("a path without a token is as it was:", () => {
  test.each([
    ...["/", "/v1/chat/completions", "/a~", "/eye", "/%20~x", "/%61%2e%62", "/v1.2.3/x", "/a.b.c"],
    ...[`/${"a".repeat(40)}`, `/${"a".repeat(40)}.tar.gz`, `/models/${"b".repeat(30)}.x.y`],
    ...["/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generate"],
    ...["/x/%zz", "/%20%20%20%20%20%20%20%20%20a.b.c", "/%", "/..."],
  ])("%s", (path) => expect(pathWithoutTokens(path)).toBe(path));
});
