import { describe, expect, test } from "bun:test";
import {
  formatJson,
  formatJsonBytes,
  formatJsonLike,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseStrictJson,
  readStrictJson,
} from "../../../../lib/signing/verify.ts";
import { createRandom, printedSeed, type Random } from "../../../support/random.ts";
import { jsonDocument } from "./json_documents.ts";

const long = "x".repeat(600);

describe("formatJsonLike writes what formatJson writes:", () => {
  test.each([
    [`{"a":"${long}"}`],
    [`{ "a":"${long}"}`],
    [`{"a":"${long}" }`],
    [`{"a":"${long}\\u0041"}`],
    [`{"a":"${long}\\/"}`],
    [`{"a":"${long}\\\\u0041\\n\\"\\\\"}`],
    [`{"b":"${long}","1":2,"0":3}`],
    [`{"a":[1.0,1E3,-0],"b":"${long}"}`],
    [`[{"a":"${long}"}, {"b":"${long}"}]`],
    [`"${long}"`],
  ])("%s", (text) => {
    const document = readStrictJson(text);
    expect(formatJsonLike(document.value, document)).toBe(formatJson(document.value));
  });

  test("a long document without deviations is copied", () => {
    const text = `{"a":[1.0,{"b":"${long}"}]}`;
    const document = readStrictJson(text);
    expect([...document.spans.keys()]).toContain(document.value);
    expect(formatJsonLike(document.value, document)).toBe(text);
  });
});

/** The value with one place changed, and the lists and objects around it copied. */
function edited(random: Random, value: JsonValue): JsonValue {
  if (random.below(4) > 0 && Array.isArray(value) && value.length > 0) {
    const copy = [...value];
    const index = random.below(copy.length);
    copy[index] = edited(random, copy[index]!);
    return copy;
  }
  if (random.below(4) > 0 && isJsonObject(value) && Object.keys(value).length > 0) {
    const copy: JsonObject = Object.assign(Object.create(null), value);
    const name = random.pick(Object.keys(copy));
    copy[name] = edited(random, copy[name]!);
    return copy;
  }
  return parseStrictJson(random.pick(["1.0", "{}", '["new"]']));
}

test("random documents, read and edited", () => {
  const random = createRandom(printedSeed("documents that are written again"));
  for (let i = 0; i < 3000; i++) {
    // Three documents and a long text, so that some parts are long and canonical and some are not.
    const parts = [0, 1, 2].map(() => {
      const text = jsonDocument(random);
      return random.below(2) === 0 ? text : formatJson(parseStrictJson(text));
    });
    const text = `[${parts.map((part) => `[${part},"${long}"]`).join(random.pick([",", " , "]))}]`;
    const document = readStrictJson(text);
    expect(document.value).toEqual(parseStrictJson(text));
    for (const value of [document.value, edited(random, document.value)]) {
      expect(formatJsonLike(value, document)).toBe(formatJson(value));
      for (const room of [0, random.below(300)]) {
        const bytes = formatJsonBytes(value, document, bytesWithRoom(text, room));
        expect(new TextDecoder().decode(bytes)).toBe(formatJson(value));
      }
    }
  }
});

/** The text in UTF-8, with unused bytes behind it in its buffer. */
function bytesWithRoom(text: string, room: number): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const buffer = new ArrayBuffer(bytes.length + room);
  new Uint8Array(buffer).set(bytes);
  return new Uint8Array(buffer, 0, bytes.length);
}

test.each([
  ["at the end, with room", `{"a":["${long}"],"b":1}`, 4, true],
  ["at the end, without room", `{"a":["${long}"],"b":1}`, 3, false],
  ["before a long part, of the same length", `{"b":"456","a":["${long}"]}`, 100, true],
  ["before a long part, which moves", `{"b":1,"a":["${long}"]}`, 100, false],
] as const)("an edit %s", (_, text, room, isSameBuffer) => {
  const document = readStrictJson(text);
  const value: JsonObject = { ...(document.value as JsonObject), b: 12345 };
  const bytes = bytesWithRoom(text, room);
  const written = formatJsonBytes(value, document, bytes);
  expect(new TextDecoder().decode(written)).toBe(formatJson(value));
  expect(written.buffer === bytes.buffer).toBe(isSameBuffer);
});
