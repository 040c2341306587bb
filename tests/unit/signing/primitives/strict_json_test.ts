import { describe, expect, test } from "bun:test";
import { JsonError } from "../../../../lib/signing/primitives/json_error.ts";
import {
  formatJson,
  isJsonObject,
  JsonNumber,
  type JsonValue,
} from "../../../../lib/signing/primitives/json_value.ts";
import { parseStrictJson } from "../../../../lib/signing/primitives/strict_json.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";
import { jsonDocument, mutated } from "./json_documents.ts";

/** The refusal, as `code pointer`, or the value in JSON. */
function outcomeOf(input: string | Uint8Array, limits = {}): string {
  try {
    return formatJson(parseStrictJson(input, limits));
  } catch (error) {
    if (error instanceof JsonError) return `${error.code} ${error.pointer}`;
    throw error;
  }
}

const nested = (depth: number, inner = "") => `${"[".repeat(depth)}${inner}${"]".repeat(depth)}`;

describe("parseStrictJson reads, and formatJson writes again", () => {
  test.each([
    ["null", "null"],
    [' \t\r\n{ "a" : [ 1 , true , false ] } ', '{"a":[1,true,false]}'],
    ["1.0", "1.0"],
    ["[1E3,1e+3,1e-7,-0,-0.0,0.10,1.5e300]", "[1E3,1e+3,1e-7,-0,-0.0,0.10,1.5e300]"],
    [
      "[0,-1,1.5,9007199254740991,-9007199254740991]",
      "[0,-1,1.5,9007199254740991,-9007199254740991]",
    ],
    ["9007199254740992.0", "9007199254740992.0"],
    ["[1e17,1E+23,0.10000000000000001,1.50e1,0.0]", "[1e17,1E+23,0.10000000000000001,1.50e1,0.0]"],
    ["[1e-300,1234567890123456e0]", "[1e-300,1234567890123456e0]"],
    ['"\\u00e9\\ud83d\\udd11\\/\\n\\u0000"', '"\u00e9\u{1f511}/\\n\\u0000"'],
    ['"\u007f\u2028"', '"\u007f\u2028"'],
    ['{"":1,"a/b":{"~":2}}', '{"":1,"a/b":{"~":2}}'],
    [
      '{"constructor":1,"toString":2,"hasOwnProperty":3}',
      '{"constructor":1,"toString":2,"hasOwnProperty":3}',
    ],
    ['[{"a":1},{"a":2},{"A":3}]', '[{"a":1},{"a":2},{"A":3}]'],
    ['{"a":{"a":1},"b":"a"}', '{"a":{"a":1},"b":"a"}'],
    ['{"\u0131":1,"i":2}', '{"\u0131":1,"i":2}'],
    ['{"\u00df":1,"ss":2}', '{"\u00df":1,"ss":2}'],
    [nested(64), nested(64)],
  ])("%j", (text, written) => {
    expect(outcomeOf(text)).toBe(written);
    expect(outcomeOf(Buffer.from(text))).toBe(written);
  });
});

describe("parseStrictJson refuses", () => {
  test.each<[string, string | Uint8Array, string]>([
    ["nothing", "", "syntax "],
    ["white space alone", " \n", "syntax "],
    ["other white space", "\u00a01", "syntax "],
    ["a vertical tab", "[1,\v2]", "syntax /1"],
    ["a word", "undefined", "syntax "],
    ["a word in capitals", "True", "syntax "],
    ["a word cut short", '{"a":tru}', "syntax /a"],
    ["NaN", "[NaN]", "syntax /0"],
    ["Infinity", "-Infinity", "syntax "],
    ["single quotes", "{'a':1}", "syntax "],
    ["a name without quotes", "{a:1}", "syntax "],
    ["a comma at the end of a list", "[1,]", "syntax /1"],
    ["a comma at the end of an object", '{"a":1,}', "syntax "],
    ["two commas", "[1,,2]", "syntax /1"],
    ["no comma", '["a" "b"]', "syntax "],
    ["no colon", '{"a" 1}', "syntax /a"],
    ["no value", '{"a":}', "syntax /a"],
    ["an open list", "[1", "syntax "],
    ["an open object", '{"a":1', "syntax "],
    ["an open text", '"a', "syntax "],
    ["a text that ends in a backslash", '"a\\', "syntax "],
    ["a wrong bracket", "[1}", "syntax "],
    ["a comment", "[1/*2*/]", "syntax "],
    ["a leading zero", "[01]", "syntax /0"],
    ["a plus sign", "+1", "syntax "],
    ["a number without digits before the point", ".5", "syntax "],
    ["a number without digits behind the point", "1.", "syntax "],
    ["an exponent without digits", "1e", "syntax "],
    ["a lone minus sign", "-", "syntax "],
    ["hex digits", "0x10", "trailing_text "],
    ["a newline in a text", '"a\nb"', "syntax "],
    ["NUL in a text", '"\0"', "syntax "],
    ["an unknown escape", '"\\x41"', "syntax "],
    ["a short escape", '"\\u12"', "syntax "],
    ["a second value", "1 2", "trailing_text "],
    ["a bracket too many", "[]]", "trailing_text "],
    ["NUL behind the value", "1\0", "trailing_text "],
    ["a byte-order mark", "\ufeff1", "byte_order_mark "],
    ["a byte-order mark in bytes", Buffer.from("\ufeff{}"), "byte_order_mark "],
    ["UTF-16", Buffer.from("{}", "utf16le"), "syntax "],
    ["a lone continuation byte", Buffer.from([0x22, 0x80, 0x22]), "not_utf8 "],
    ["an overlong form", Buffer.from([0x22, 0xc0, 0xaf, 0x22]), "not_utf8 "],
    ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), "not_utf8 "],
    ["a sequence cut short", Buffer.from([0x22, 0xe2, 0x82]), "not_utf8 "],
    ["a high surrogate alone", '["\\ud83d"]', "lone_surrogate /0"],
    ["a low surrogate alone", '{"a":"x\\udd11"}', "lone_surrogate /a"],
    ["surrogates in the wrong order", '"\\udd11\\ud83d"', "lone_surrogate "],
    ["half a pair in a name", '{"\\ud83d":1}', "lone_surrogate "],
    ["half a pair in the text itself", '"\ud83d"', "lone_surrogate "],
    ["a name twice", '{"a":1,"b":2,"a":3}', "name_repeated /a"],
    ["a name twice, deep inside", '[{"x":[{"a":1,"a":1}]}]', "name_repeated /0/x/0/a"],
    ["an empty name twice", '{"":1,"":2}', "name_repeated /"],
    ["a name and its escape", '{"a":1,"\\u0061":2}', "name_repeated /a"],
    ["a name in capitals", '{"model":1,"MODEL":2}', "name_repeated /MODEL"],
    ["a name in small letters", '{"Model":1,"model":2}', "name_repeated /model"],
    ["two names with capitals", '{"mODEL":1,"Model":2}', "name_repeated /Model"],
    ["the Kelvin sign", '{"key":1,"\u212aey":2}', "name_repeated /\u212aey"],
    ["the long s", '{"\u017ftore":1,"store":2}', "name_repeated /store"],
    ["a Greek letter", '{"\u03a3":1,"\u03c2":2}', "name_repeated /\u03c2"],
    ["a letter beyond the BMP", '{"\u{10400}":1,"\u{10428}":2}', "name_repeated /\u{10428}"],
    ["the capital sharp s", '{"\u1e9e":1,"\u00df":2}', "name_repeated /\u00df"],
    ["a ligature", '{"\ufb05":1,"\ufb06":2}', "name_repeated /\ufb06"],
    ["__proto__", '{"__proto__":{}}', "name_reserved /__proto__"],
    ["__proto__ by an escape", '{"a":{"\\u005f_proto__":1}}', "name_reserved /a/__proto__"],
    ["an infinite number", '{"a":1e999}', "number_too_large /a"],
    ["an infinite negative number", "-1e400", "number_too_large "],
    ["2^53", "[9007199254740992]", "number_too_large /0"],
    ["-2^53", "-9007199254740992", "number_too_large "],
    ["a fraction that a double rounds to a whole number", "0.99999999999999999", "number_inexact "],
    ["a whole number that no double is", "9007199254740993.0", "number_inexact "],
    ["more digits than a double", '{"a":[0.50000000000000000001]}', "number_inexact /a/0"],
    ["a number below all doubles", "-1e-400", "number_inexact "],
    ["an integer of 400 digits", "1".repeat(400), "number_too_large "],
    ["65 levels", nested(65), `too_deep ${"/0".repeat(64)}`],
    [
      "65 levels of objects",
      `${'{"a":'.repeat(65)}1${"}".repeat(65)}`,
      `too_deep ${"/a".repeat(64)}`,
    ],
    ["100,001 values", `[${"1,".repeat(99_999)}1]`, "too_many_values /99999"],
    ["a million open brackets", "[".repeat(1_000_000), `too_deep ${"/0".repeat(64)}`],
    ["a slash and a tilde in a name", '{"a/b":{"c~d":x}}', "syntax /a~1b/c~0d"],
  ])("%s", (_, input, refusal) => expect(outcomeOf(input)).toBe(refusal));
});

test("the limits can be others", () => {
  expect(outcomeOf("[[]]", { maxDepth: 1 })).toBe("too_deep /0");
  expect(outcomeOf("[[1]]", { maxDepth: 2, maxValues: 3 })).toBe("[[1]]");
  expect(outcomeOf("[[1]]", { maxValues: 2 })).toBe("too_many_values /0/0");
});

test("100,000 values are read", () => {
  expect(outcomeOf(`[${"1,".repeat(99_998)}1]`)).toHaveLength(2 * 99_999 + 1);
});

describe("numbers as names count with the memory that they take:", () => {
  // JavaScriptCore has a place of eight bytes for each number up to the greatest one below 1,000.
  const objects = (count: number, ...names: (number | string)[]) =>
    `[${Array.from({ length: count }, () => `{${names.map((name) => `"${name}":1`).join()}}`).join()}]`;

  test.each<[names: (number | string)[], most: number]>([
    [["a"], 49_999],
    [[0], 49_999],
    [["01"], 49_999],
    [[8], 33_333],
    [[999], 788],
    [[10, 999], 782],
    [[999, 10], 782],
    [["\\u0039\\u0039\\u0039"], 788],
    [[1000], 49_999],
    [["999.0"], 49_999],
  ])("%j in %d objects", (names, most) => {
    expect(outcomeOf(objects(most, ...names)).slice(0, 2)).toBe("[{");
    expect(outcomeOf(objects(most + 1, ...names)).slice(0, 16)).toBe("too_many_values ");
  });

  test("49,000 objects take no more memory than their text warrants", () => {
    expect(outcomeOf(objects(49_000, 999))).toBe("too_many_values /788/999");
  });

  test("a map with a thousand tokens is read", () => {
    const text = JSON.stringify({
      logit_bias: Object.fromEntries(Object.entries(Array(1000).fill(-1))),
    });
    expect(outcomeOf(text)).toBe(text);
  });
});

test("an error holds no value of the text", () => {
  const text = '{"a":"secret","b":tru}';
  const error = (() => {
    try {
      return parseStrictJson(text);
    } catch (thrown) {
      return thrown as Error;
    }
  })() as JsonError;
  expect([error.code, error.pointer, error.message]).toEqual(["syntax", "/b", "it is not JSON"]);
});

test("a number keeps its text only where JavaScript would write another", () => {
  const [one, point] = parseStrictJson("[1,1.0]") as [JsonValue, JsonValue];
  expect(one).toBe(1);
  expect(point).toBeInstanceOf(JsonNumber);
  expect(Number(point)).toBe(1);
  expect([one, point, [], null, "a"].map((value) => isJsonObject(value))).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});

test("documents that are generated are read as JSON.parse reads them", () => {
  const random = createRandom(printedSeed("strict JSON"));
  for (let i = 0; i < 5_000; i++) {
    const text = jsonDocument(random);
    const value = parseStrictJson(text);
    const written = formatJson(value);
    expect(JSON.parse(written)).toEqual(JSON.parse(text));
    // What was written means the same to the reader, to the last digit.
    expect(formatJson(parseStrictJson(written))).toBe(written);
  }
});

test("what JSON.parse refuses is refused, and what is accepted means the same", () => {
  const random = createRandom(printedSeed("strict JSON, mutated"));
  let accepted = 0;
  for (let i = 0; i < 20_000; i++) {
    const text = mutated(random, jsonDocument(random));
    const outcome = outcomeOf(text);
    if (/^(syntax|trailing_text|byte_order_mark) /.test(outcome)) {
      expect(() => JSON.parse(text)).toThrow();
    } else if (!/^[a-z_0-9]+ /.test(outcome)) {
      accepted++;
      expect(JSON.parse(outcome)).toEqual(JSON.parse(text));
    }
  }
  expect(accepted).toBeGreaterThan(1_000);
});
