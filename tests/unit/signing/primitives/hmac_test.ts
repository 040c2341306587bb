import { describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { fromHex, toHex, utf8 } from "../../../../lib/signing/primitives/encoding.ts";
import { deriveSigningKey } from "../../../../lib/signing/sw1/signing_key.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** RFC 4231, section 4: key, data and HMAC-SHA-256, all in hex. */
const RFC_4231: [title: string, key: string, data: string, tag: string][] = [
  [
    "4.2, a key of 20 bytes",
    "0b".repeat(20),
    "4869205468657265",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    "4.3, a key shorter than the tag",
    "4a656665",
    "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "4.4, key and data longer than 64 bytes together",
    "aa".repeat(20),
    "dd".repeat(50),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ],
  [
    "4.5, the same with another key",
    "0102030405060708090a0b0c0d0e0f10111213141516171819",
    "cd".repeat(50),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  [
    "4.6, a tag that is cut to 128 bits",
    "0c".repeat(20),
    "546573742057697468205472756e636174696f6e",
    "a3b6167473100ee06e0c796c2955552b",
  ],
  [
    "4.7, a key longer than the block",
    "aa".repeat(131),
    "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    "4.8, key and data longer than the block",
    "aa".repeat(131),
    "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e",
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
];

describe("the vectors of RFC 4231 through the primitives that the code uses", () => {
  test.each(RFC_4231)("%s", async (_, keyHex, data, tag) => {
    const key = await crypto.subtle.importKey("raw", fromHex(keyHex), HMAC, false, [
      "sign",
      "verify",
    ]);
    const full = toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, fromHex(data))));
    expect(full.slice(0, tag.length)).toBe(tag);
    const accepts = (tag: string) => crypto.subtle.verify("HMAC", key, fromHex(tag), fromHex(data));
    expect(await accepts(full)).toBe(true);
    for (const cut of [0, 2, 32, 62]) expect(await accepts(full.slice(0, cut))).toBe(false);
    expect(await accepts(`${full}00`)).toBe(false);
    expect(await accepts(full.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")))).toBe(false);
  });
});

describe("deriveSigningKey is HMAC over HMAC", () => {
  test.each([
    ["a plain secret", "my-secret"],
    ["an empty one", ""],
    ["one outside ASCII", "sécrèt 🔑"],
    ["one of exactly a block with the prefix", "x".repeat(64 - "SW1-HMAC-SHA256".length)],
    ["one longer than the block", "x".repeat(131)],
    ["one with NUL", "a\0b"],
  ])("%s", async (_, secret) => {
    for (const scope of ["20261122", "20261123"]) {
      const derived = createHmac("sha256", `SW1-HMAC-SHA256${secret}`).update(scope).digest();
      const expected = createHmac("sha256", derived).update("text").digest("hex");
      const key = await deriveSigningKey(secret, scope);
      const tag = await crypto.subtle.sign("HMAC", key, utf8("text"));
      expect(toHex(new Uint8Array(tag))).toBe(expected);
    }
  });

  test("the key cannot be taken out again", async () => {
    const key = await deriveSigningKey("my-secret", "20261122");
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });
});

describe("hex", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  test("every byte, there and back", () => {
    expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
    expect(fromHex(toHex(bytes))).toEqual(bytes);
    expect(toHex(new Uint8Array())).toBe("");
  });
});
