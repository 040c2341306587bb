import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { APP, mistakesOfFile, settingsOfFile } from "./configured.ts";

const ISSUER = "https://id.example/";
const KEY_SET = {
  issuer: ISSUER,
  jwks: "https://id.example/keys.json",
  algorithms: ["ES256"],
  audience: "one",
};
const FILES = { "keys.json": '{"keys":[]}' };

const withTokens = (...tables: object[]): object[] =>
  tables.map((tokens, i) => ({ ...APP, id: `app-${i}`, tokens }));
const mistakes = (tokens: object, top: object = {}) =>
  mistakesOfFile({ ...top, app: withTokens(tokens) }, { files: FILES });

describe("a key set needs its issuer, algorithms and an audience, and they need it:", () => {
  const { issuer, jwks, algorithms, audience } = KEY_SET;
  const place = "app[0].tokens";
  test.each<[string, object, object, string[]]>([
    ["all of them", KEY_SET, {}, []],
    ["the audience at the top", { issuer, jwks, algorithms }, { audience }, []],
    ["none of them", { audience }, {}, []],
    ["no issuer", { jwks, algorithms, audience }, {}, [`${place}.issuer is needed beside jwks`]],
    [
      "no algorithms",
      { issuer, jwks, audience },
      {},
      [`${place}.algorithms is needed beside jwks`],
    ],
    [
      "no audience",
      { issuer, jwks, algorithms },
      {},
      [`${place}.audience is needed beside jwks, here or at the top of the file`],
    ],
    ["an issuer alone", { issuer }, {}, [`${place}.jwks is needed beside issuer`]],
    ["algorithms alone", { algorithms }, {}, [`${place}.jwks is needed beside algorithms`]],
  ])("%s", (_, tokens, top, expected) => {
    expect(mistakes(tokens, top)).toEqual(expected);
  });
});

describe("a token belongs to one app:", () => {
  const shared =
    "app[1].tokens has the issuer and the audience of app[0].tokens: one of them must differ";
  const { audience: _, ...withoutAudience } = KEY_SET;
  test.each<[string, object, string[]]>([
    ["two issuers", { app: withTokens(KEY_SET, { ...KEY_SET, issuer: "other" }) }, []],
    ["two audiences", { app: withTokens(KEY_SET, { ...KEY_SET, audience: "two" }) }, []],
    ["one issuer and one audience", { app: withTokens(KEY_SET, KEY_SET) }, [shared]],
    ["even if one is off", { app: withTokens(KEY_SET, { ...KEY_SET, enabled: false }) }, [shared]],
    [
      "an audience that is the one at the top",
      { audience: "one", app: withTokens(KEY_SET, withoutAudience) },
      [shared],
    ],
    [
      "an audience beside another one at the top",
      { audience: "two", app: withTokens(KEY_SET, withoutAudience) },
      [],
    ],
    [
      "an issuer with the id of its app",
      { app: withTokens({ ...KEY_SET, issuer: "app-0" }) },
      ["app[0].tokens.issuer is the id of app[0]"],
    ],
    [
      "an issuer with the id of a later app",
      { app: withTokens({ ...KEY_SET, issuer: "app-1" }, {}) },
      ["app[0].tokens.issuer is the id of app[1]"],
    ],
  ])("%s", (_, shape, expected) => {
    expect(mistakesOfFile(shape)).toEqual(expected);
  });
});

describe("the place of a key set is an https URL or a file:", () => {
  test.each([
    "https://id.example",
    "HTTPS://ID.EXAMPLE/keys?policy=a",
    "https://[2001:db8::1]:8443/keys",
    "file:keys.json",
  ])("%s", (jwks) => {
    expect(mistakes({ ...KEY_SET, jwks })).toEqual([]);
  });

  test.each([
    "",
    "keys.json",
    "http://id.example/keys",
    "https:id.example",
    "https://",
    "https://user@id.example/keys",
    "https://:secret@id.example/keys",
    "https://id.example/keys#a",
    "file:",
    "file: ",
    "data:application/json,{}",
  ])("and not %j", (jwks) => {
    expect(mistakes({ ...KEY_SET, jwks })).toEqual([
      "app[0].tokens.jwks must be an https URL without user info and fragment, or file: and a path",
    ]);
  });
});

describe("a key set in a file", () => {
  const jwks = "file:keys.json";
  const check = (files: Record<string, string>) =>
    mistakesOfFile({ app: withTokens({ ...KEY_SET, jwks }) }, { files });

  test("is among the files that are watched", () => {
    const shape = { app: withTokens({ ...KEY_SET, jwks }) };
    expect(settingsOfFile(shape, { files: FILES }).files).toEqual(["config.json", "keys.json"]);
  });

  test("must be there", () => {
    const path = resolve("keys.json");
    expect(check({})).toEqual([
      `app[0].tokens.jwks: keys.json does not exist: from the working directory it is ${path}`,
    ]);
  });

  test.each(["", "canary", "[]", "null", "{}", '{"keys":{}}', '{"keys":[]'])(
    "is not %j",
    (text) => {
      expect(check({ "keys.json": text })).toEqual([
        "app[0].tokens.jwks: keys.json is not a JWK Set",
      ]);
    },
  );
});

describe("a claim that is required is", () => {
  test.each<[string, unknown]>([
    ["there", true],
    ["this text", "gateway"],
  ])("%s", (_, value) => {
    expect(mistakes({ require: { scope: value } })).toEqual([]);
  });

  test.each([false, "", " ", 7, null])("not %j", (value) => {
    expect(mistakes({ require: { scope: value } })).toEqual([
      "app[0].tokens.require.scope must be true, or a text that is not blank",
    ]);
  });
});

describe("trusted proxies are addresses and ranges:", () => {
  const check = (entry: string) => mistakesOfFile({ app: [APP], trusted_proxies: [entry] });

  test.each([
    "10.0.0.0/8",
    "10.1.2.3/8",
    "192.0.2.1",
    "0.0.0.0/0",
    "::1",
    "2001:db8::/32",
    "::/0",
    "::ffff:10.0.0.0/104",
    "2001:DB8::1/128",
  ])("%s", (entry) => {
    expect(check(entry)).toEqual([]);
  });

  test.each([
    "",
    "proxy.example",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.1",
    "167772160",
    "0x0a.0.0.1",
    "010.0.0.1",
    "256.0.0.1",
    "fe80::1%eth0",
    "[::1]",
    "10.0.0.1:80",
    " 10.0.0.1",
  ])("and not %j", (entry) => {
    expect(check(entry)).toEqual([
      "trusted_proxies[0] must be an address or a CIDR range, such as 10.0.0.0/8",
    ]);
  });
});

describe("the header of a subject", () => {
  const check = (subject_header: string, headers: Record<string, string> = {}) =>
    mistakesOfFile({ app: [{ ...APP, upstream: [{ subject_header, headers }] }] });
  const place = "app[0].upstream[0].subject_header";

  test.each(["X-User-Id", "x_user_id", "Remote-User"])("may be %s", (name) => {
    expect(check(name, { "X-Key": "a" })).toEqual([]);
  });

  test.each([
    "Connection",
    "host",
    "Content-Length",
    "TE",
    "Transfer-Encoding",
    "Transfer_Encoding",
    "Proxy-Authorization",
    "Proxy-Connection",
    "HTTP2-Settings",
    "Upgrade",
  ])("cannot be %s", (name) => {
    expect(check(name)).toEqual([
      `${place} belongs to one connection or message: name a header of its own`,
    ]);
  });

  test.each(["", "X User", "X-User:", "Käse"])("cannot be %j", (name) => {
    expect(check(name)).toEqual([`${place} must be a header's name`]);
  });

  test.each(["X-User-Id", "x-user-id", "X_User_Id", "X.User.Id"])(
    "cannot be injected as %s too",
    (name) => {
      expect(check("X-User-Id", { [name]: "a" })).toEqual([
        `${place} is among the headers of the rule`,
      ]);
    },
  );

  test("is no key of a route, as redirects is not", () => {
    const route = { path: "/", upstream: "https://a.example/", signature: "none" };
    for (const key of ["subject_header", "redirects"]) {
      expect(mistakesOfFile({ route: [{ ...route, [key]: "pass" }] })).toEqual([
        expect.stringContaining(`route[0].${key} is unknown`),
      ]);
    }
  });
});
