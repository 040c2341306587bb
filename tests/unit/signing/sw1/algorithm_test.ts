import { describe, expect, test } from "bun:test";
import { outcomeOf, signedRequest } from "../draft.ts";

const withAlgorithm = (algorithm: string) =>
  outcomeOf(signedRequest({ parameters: { "X-Sw-Algorithm": algorithm } }));

describe("another algorithm is refused, though signed", () => {
  test.each([
    "",
    "none",
    "None",
    "NONE",
    "null",
    "sw1-hmac-sha256",
    "SW1-HMAC-sha256",
    "SW1-HMAC-SHA1",
    "SW1-HMAC-SHA512",
    "SW1-HMAC-MD5",
    "SW1-HMAC-SHA25",
    "SW1-HMAC-SHA2566",
    "SW1-HMAC-SHA256 ",
    " SW1-HMAC-SHA256",
    "SW1-HMAC-SHA256\n",
    "SW1-HMAC-SHA256\0",
    "SW1_HMAC_SHA256",
    "SW1-HMAC-SHA256;none",
    "SW2-HMAC-SHA256",
    "HMAC-SHA256",
    "HS256",
    "AWS4-HMAC-SHA256",
    "__proto__",
  ])("%j", async (algorithm) => {
    expect(await withAlgorithm(algorithm)).toBe("algorithm_unknown");
  });
});

test("the one algorithm is accepted", async () => {
  expect(await withAlgorithm("SW1-HMAC-SHA256")).toBe("accepted");
});
