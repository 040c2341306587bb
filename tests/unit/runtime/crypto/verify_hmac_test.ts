import { expect, test } from "bun:test";
import { verifyHmac } from "../../../../lib/runtime/crypto/verify_hmac.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function keyAndSignature(message: string) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes("key"), algorithm, false, [
    "sign",
    "verify",
  ]);
  return { key, signature: new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(message))) };
}

test("many at once each get their own result", async () => {
  const { key, signature } = await keyAndSignature("7");
  const messages = Array.from({ length: 100 }, (_, index) => String(index));
  const results = await Promise.all(
    messages.map((message) => verifyHmac(key, signature, bytes(message))),
  );
  expect(messages.filter((_, index) => results[index])).toEqual(["7"]);
});

test("what fails is told to whoever asked, and to nobody else", async () => {
  const { key, signature } = await keyAndSignature("right");
  const noKey = {} as CryptoKey;
  const [bad, good] = await Promise.allSettled([
    verifyHmac(noKey, signature, bytes("right")),
    verifyHmac(key, signature, bytes("right")),
  ]);
  expect(bad.status).toBe("rejected");
  expect(good).toEqual({ status: "fulfilled", value: true });
});
