import { afterAll, describe, expect, spyOn, test } from "bun:test";
import type { Hmac } from "../../../../lib/signing/verify.ts";
import { verifyRequest } from "../../../../lib/signing/verify.ts";
import { HEADER_VECTORS } from "./header_vectors.ts";

// The original compares texts, which ends at the first difference. A clock cannot show reliably that
// this one does not; that the runtime's own comparison is used, and each time, can be seen.
const compare = spyOn(crypto.subtle, "verify");

afterAll(() => compare.mockRestore());

const [vector] = HEADER_VECTORS;
const { request, signature, scheme, secret } = vector!;

/** Verifies and counts. */
async function costOf(received: string, secrets: string[]) {
  compare.mockClear();
  let hmacs = 0;
  const hmac: Hmac = (...args) => (hmacs++, scheme.hmac!(...args));
  const accepted = await verifyRequest(request, received, secrets, { ...scheme, hmac });
  return { accepted, hmacs, comparisons: compare.mock.calls.length };
}

const flipped = (at: number) => {
  const bytes = Buffer.from(signature, "base64");
  bytes[at]! ^= 1;
  return bytes.toString("base64");
};

describe("verifyRequest compares in constant time", () => {
  test.each([
    ["a right signature", signature, true],
    ["the first bit wrong", flipped(0), false],
    ["the last bit wrong", flipped(31), false],
    ["all of it wrong", Buffer.alloc(32).toString("base64"), false],
    ["a shorter one", Buffer.from(signature, "base64").subarray(0, 8).toString("base64"), false],
    ["a longer one", Buffer.alloc(64).toString("base64"), false],
  ])("%s", async (_, received, accepted) => {
    expect(await costOf(received, [secret])).toEqual({ accepted, hmacs: 1, comparisons: 1 });
  });

  test("each secret once, up to the one that signed", async () => {
    const three = ["one", secret, "three"];
    expect(await costOf(signature, three)).toEqual({ accepted: true, hmacs: 2, comparisons: 2 });
    expect(await costOf(flipped(0), three)).toEqual({ accepted: false, hmacs: 3, comparisons: 3 });
  });

  test("what is no base64 costs nothing", async () => {
    expect(await costOf("?", [secret])).toEqual({ accepted: false, hmacs: 0, comparisons: 0 });
  });
});
