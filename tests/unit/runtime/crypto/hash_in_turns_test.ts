import { describe, expect, test } from "bun:test";
import { createHash, createHmac } from "node:crypto";
import { hmac } from "../../../../lib/runtime/crypto/hmac.ts";
import { sha256 } from "../../../../lib/runtime/crypto/sha256.ts";

const SIZES = [0, 1, 65_536, 65_537, 131_072, 131_073, 1_000_000];
const bytes = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 251);

describe("a hash of a body of any length is that of the standard:", () => {
  test.each(SIZES)("SHA-256 of %i bytes", async (size) => {
    const expected = createHash("sha256").update("text").update(bytes(size)).digest("hex");
    expect(await sha256("text", bytes(size))).toBe(expected);
  });

  test.each(SIZES)("HMAC in parts, one of them of %i bytes", async (size) => {
    const parts = [Buffer.from("a"), bytes(size), Buffer.from("b")];
    const key = Uint8Array.from([1, 2, 3]);
    for (const [name, standard] of [
      ["sha256", "sha256"],
      ["sha3_512", "sha3-512"],
      ["md5", "md5"],
    ] as const) {
      const expected = createHmac(standard, key).update(Buffer.concat(parts)).digest();
      expect(Buffer.from(await hmac(name, key, parts)).equals(expected)).toBe(true);
    }
  });

  test("BLAKE2s in one part and in several", async () => {
    const key = Uint8Array.from([1, 2, 3]);
    const body = bytes(200_000);
    const whole = await hmac("blake2s", key, [body]);
    const parts = [body.subarray(0, 10), body.subarray(10, 90_000), body.subarray(90_000)];
    expect(await hmac("blake2s", key, parts)).toEqual(whole);
  });
});

test("of several long bodies, one slice at a time is hashed, and others get their turn", async () => {
  const turns: string[] = [];
  const long = Array.from({ length: 3 }, async (_, i) => {
    await sha256("", bytes(400_000));
    turns.push(`body ${i}`);
  });
  let others = 0;
  const countTurns = () => {
    others += 1;
    if (turns.length < long.length) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  await Promise.all(long);
  expect(turns).toHaveLength(3);
  // Each body is four slices. All bodies at once would take four turns.
  expect(others).toBeGreaterThanOrEqual(8);
});
