import { describe, expect, test } from "bun:test";
import { signRequest } from "../../../../lib/signing/mod.ts";
import {
  fieldsWithDelimiter,
  type Hmac,
  touchingFields,
  verifyRequest,
} from "../../../../lib/signing/verify.ts";
import { requestWith } from "./header_vectors.ts";

describe("touchingFields names fields that run into one another", () => {
  test.each<[string[], string, string[]]>([
    [["path", "method"], "", []],
    [["method", "path"], "", []],
    [["method", "body"], "", []],
    [["path"], "", []],
    [["path", "path"], "", []],
    [["scheme", "path", "method"], "", []],
    [["path", "scheme"], "", []],
    [["scheme", "HTTP_X_A"], "", ["scheme", "HTTP_X_A"]],
    [["path", "QUERY_STRING", "body"], "", ["path", "QUERY_STRING", "body"]],
    [["path", "method", "body"], "", ["path", "body"]],
    [["path", "HTTP_X_A"], "", ["path", "HTTP_X_A"]],
    [["CONTENT_LENGTH", "REMOTE_ADDR"], "", ["CONTENT_LENGTH", "REMOTE_ADDR"]],
    [["path", "QUERY_STRING", "body"], "|", []],
  ])("%j joined by %j: %j", (fields, delimiter, names) => {
    expect(touchingFields({ fields, delimiter })).toEqual(names);
  });
});

describe("fieldsWithDelimiter names fields that may hold the delimiter", () => {
  test.each<[string[], string, string[]]>([
    [["path", "method"], "", []],
    [["path", "method"], "|", ["path"]],
    [["path", "method"], "\n", []],
    [["path", "QUERY_STRING", "body", "HTTP_X_A"], "|", ["path", "QUERY_STRING", "HTTP_X_A"]],
    [["path", "QUERY_STRING", "HTTP_X_A"], " ", ["path", "HTTP_X_A"]],
    [["QUERY_STRING", "REMOTE_ADDR", "CONTENT_LENGTH"], "é", []],
    [["REMOTE_ADDR", "SERVER_NAME"], ":", ["REMOTE_ADDR", "SERVER_NAME"]],
    [["method", "CONTENT_LENGTH"], "0", ["CONTENT_LENGTH"]],
    [["body"], "|", []],
    [["path"], "\u001f", []],
    [["path"], "|\n", []],
  ])("%j joined by %j: %j", (fields, delimiter, names) => {
    expect(fieldsWithDelimiter({ fields, delimiter })).toEqual(names);
  });
});

/** The message that is compared for a request; `undefined` when it is refused before. */
async function messageOf(values: string[], fields: string[], delimiter: string) {
  let message: string | undefined;
  const hmac: Hmac = (_hash, _key, bytes) => {
    message = Buffer.concat([...bytes]).toString("latin1");
    return Promise.resolve(new Uint8Array(32));
  };
  const scheme = { fields, delimiter, hmac };
  await verifyRequest(requestWith(fields, values), SIGNATURE, ["secret"], scheme);
  return message;
}

const SIGNATURE = Buffer.alloc(32).toString("base64");
const LETTERS = ["a", "|", "-", "ab"];
/** All texts of one to `most` letters. */
const texts = (most: number): string[] =>
  most === 0
    ? []
    : [...LETTERS, ...texts(most - 1).flatMap((text) => LETTERS.map((letter) => letter + text))];

describe("with a delimiter no two requests share a message", () => {
  test.each<[string[], string]>([
    [["path", "QUERY_STRING"], "|"],
    [["path", "QUERY_STRING"], "--"],
    [["path", "QUERY_STRING"], "-|-"],
    [["path", "QUERY_STRING"], "ab"],
    [["path", "body"], "|"],
    [["body", "path"], "|"],
    [["body", "path"], "--"],
    [["path", "body"], "a-a"],
  ])("%j joined by %j", async (fields, delimiter) => {
    const seen = new Map<string, string>();
    let refused = 0;
    const values = [...new Set(texts(3))];
    for (const first of values) {
      for (const second of values) {
        const message = await messageOf([first, second], fields, delimiter);
        if (message === undefined) refused++;
        else expect([message, seen.get(message)]).toEqual([message, undefined]);
        if (message !== undefined) seen.set(message, `${first} ${second}`);
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(seen.size).toBeGreaterThan(0);
  });

  test("a body may hold it", async () => {
    const fields = ["path", "method", "QUERY_STRING", "body", "HTTP_X_A"];
    const values = ["/a", "POST", "b=c", '{"d":"|"}|', "1"];
    const scheme = { fields, delimiter: "|" };
    const signature = await signRequest(requestWith(fields, values), "secret", scheme);
    expect(await verifyRequest(requestWith(fields, values), signature, ["secret"], scheme)).toBe(
      true,
    );
  });
});
