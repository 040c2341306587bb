import { describe, expect, test } from "bun:test";
import { createNameMemory, treatmentsOf } from "../../../../lib/gateway/delivery/header_classes.ts";
import {
  REQUEST_HEADER_CLASSES,
  requestName,
  type RequestTreatment,
} from "../../../../lib/gateway/delivery/request_header_classes.ts";
import {
  isBrowserChallenge,
  RESPONSE_HEADER_CLASSES,
} from "../../../../lib/gateway/delivery/response_header_classes.ts";
import { foldName, hyphenateName } from "../../../../lib/gateway/model/header_name.ts";
import { REGISTERED } from "../../../server/headers/field_classes.ts";

const words = (text = "") => text.split(/\s+/).filter(Boolean);

describe.each([
  ["requests", REQUEST_HEADER_CLASSES],
  ["responses", RESPONSE_HEADER_CLASSES],
])("the classes of headers of %s", (_, classes) => {
  test("name each header once, in lower case, and say why", () => {
    const names = classes.flatMap((item) => words(item.names));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const { reason, names: own, prefixes, suffixes } of classes) {
      expect(reason).toMatch(/^[a-z]/);
      for (const word of [own, prefixes, suffixes].flatMap(words)) {
        expect(word).toMatch(/^[a-z0-9-]+$/);
      }
    }
  });

  test("have no prefix that is too short to be found", () => {
    for (const prefix of classes.flatMap((item) => words(item.prefixes))) {
      expect(prefix.length).toBeGreaterThanOrEqual(4);
    }
  });
});

test("a name, a prefix and a suffix decide, and the first class counts", () => {
  const treatment = treatmentsOf<string>([
    { treatment: "a", reason: "…", names: "one both", prefixes: "pre-" },
    { treatment: "b", reason: "…", names: "both", prefixes: "pre-longer-", suffixes: "-end" },
  ]);
  const names = ["one", "both", "pre-x", "pre-longer-x", "x-end", "pre", "end", "x", ""];
  const none = Array.from({ length: 4 }, () => undefined);
  expect(names.map(treatment)).toEqual(["a", "a", "a", "a", "b", ...none]);
});

describe("a folded name", () => {
  test("is the same for no two registered names", () => {
    const folded = REGISTERED.map(foldName);
    expect(folded.length).toBeGreaterThan(250);
    expect(folded.filter((name, index) => folded.indexOf(name) !== index)).toEqual([]);
  });

  test("gives no registered name the class of another", () => {
    const treatmentOf = treatmentsOf(REQUEST_HEADER_CLASSES);
    for (const name of REGISTERED.map((registered) => registered.toLowerCase())) {
      expect([name, requestName(name).treatment]).toEqual([name, treatmentOf(name)]);
    }
  });

  test.each([
    ["x-user-id", "xuserid", "x-user-id"],
    ["XUserId", "xuserid", "xuserid"],
    ["X--User_.Id-", "xuserid", "x-user-id-"],
    ["X_Forwarded~For", "xforwardedfor", "x-forwarded-for"],
    ["P3P", "p3p", "p3p"],
  ])("of %s is %s, and with hyphens %s", (name, folded, hyphenated) => {
    expect([foldName(name), hyphenateName(name)]).toEqual([folded, hyphenated]);
  });

  test.each([
    ["cookie-", "when_signed"],
    ["coo_kie", "when_signed"],
    ["clientip", "when_signed"],
    ["true--client-ip", "when_signed"],
    ["x--real__ip", "when_signed"],
    ["x_remote_user", "when_signed"],
    ["contentlength", "never"],
    ["pro-xy", "never"],
    // A prefix ends with a word.
    ["x-realm", undefined],
    ["x-voucher", undefined],
    ["x-array", undefined],
  ])("%s is treated as %s", (name, treatment) => {
    expect(requestName(name).treatment).toBe(treatment as RequestTreatment | undefined);
  });
});

describe("a challenge that a browser answers", () => {
  const isPartOfWord = (character: string) => /[!-~]/.test(character) && !/[",;]/.test(character);
  const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

  test.each(["Basic", "digest", "NTLM", "Negotiate", "PrivateToken"])(
    "is one of %s, unless this is a part of a longer word",
    (scheme) => {
      for (const character of characters) {
        const expected = { character, isFound: !isPartOfWord(character) };
        for (const value of [`Bearer ${character}${scheme} realm=x`, `${scheme}${character}`]) {
          expect({ character, isFound: isBrowserChallenge(value) }).toEqual(expected);
        }
      }
    },
  );
});

test.each(["basic", "digest"])(
  "a challenge with a URL that has the segment %s passes",
  (segment) => {
    const url = `https://mcp.example.com/${segment}/.well-known/oauth-protected-resource`;
    expect(isBrowserChallenge(`Bearer resource_metadata="${url}"`)).toBe(false);
  },
);

test("a memory of names holds few of them, and answers for all", () => {
  const found: string[] = [];
  const memory = createNameMemory((name): string => (found.push(name), `of ${name}`));
  const ask = (names: string[]) => names.map(memory);
  const madeUp = Array.from({ length: 5000 }, (_, i) => `x-${i}`);
  const long = ["l".repeat(1000), "l".repeat(1000)];
  for (let round = 0; round < 2; round += 1) {
    expect(ask(["accept", ...long, ...madeUp])).toEqual(
      ["accept", ...long, ...madeUp].map((name) => `of ${name}`),
    );
  }
  expect(found.filter((name) => name === "accept")).toHaveLength(1);
  // All but those that it holds were found out twice.
  expect(2 * (madeUp.length + 1 + long.length) - found.length).toBe(512);
});
