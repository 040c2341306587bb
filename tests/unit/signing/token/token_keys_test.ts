import { describe, expect, test } from "bun:test";
import { createTokenKeys, webVerifyHmac } from "../../../../lib/signing/verify.ts";
import { SECRET } from "./jws.ts";

describe("createTokenKeys", () => {
  const message = Buffer.from("message");

  test("imports a secret once, and anew when it changes", async () => {
    const keys = createTokenKeys();
    expect(keys("web", 0, SECRET)).toBe(keys("web", 0, SECRET));
    expect(keys("web", 1, SECRET)).not.toBe(keys("web", 0, SECRET));
    expect(keys("other", 0, SECRET)).not.toBe(keys("web", 0, SECRET));
    const old = keys("web", 0, SECRET);
    expect(keys("web", 0, `${SECRET}x`)).not.toBe(old);
    expect((await old).extractable).toBe(false);
    expect(await webVerifyHmac(await old, new Uint8Array(32), new Uint8Array(message))).toBe(false);
  });

  test("keeps no more than the limit", () => {
    const keys = createTokenKeys(2);
    const first = keys("a", 0, SECRET);
    keys("b", 0, SECRET);
    keys("c", 0, SECRET);
    expect(keys("a", 0, SECRET)).not.toBe(first);
  });
});
