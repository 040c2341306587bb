import { describe, expect, test } from "bun:test";
import { isSignedBy, keysFor, parseKeySet } from "../../../../lib/gateway/admission/key_set.ts";
import { KEY_SET_ALGORITHMS } from "../../../../lib/gateway/model/key_set_algorithm.ts";
import { parseToken } from "../../../../lib/signing/verify.ts";
import { createSigner } from "../../../support/token_signer.ts";

const CLAIMS = { iss: "https://id.example/", exp: 4_000_000_000 };

const es256 = await createSigner("ES256", "es");
const other = await createSigner("ES256", "other");
const eddsa = await createSigner("EdDSA", "ed");
const rs256 = await createSigner("RS256", "rs");
const short = await createSigner("RS256", "short", 1024);
const es384 = await createSigner("ES384", "es384");

const parse = (...keys: unknown[]) => parseKeySet(JSON.stringify({ keys }), KEY_SET_ALGORITHMS);
const ids = async (...keys: unknown[]) => (await parse(...keys)).map(({ id }) => id);
const { alg: _, ...withoutAlg } = es256.jwk;
const { kid: __, ...withoutKid } = es256.jwk;

/** A public key that nobody generated: to find two primes of such lengths takes seconds. */
const madeUpRsa = (bits: number) => {
  const n = Buffer.alloc(bits / 8, 255).toString("base64url");
  return { kty: "RSA", kid: "a", e: "AQAB", n };
};

describe("a key of a key set is used", () => {
  test.each<[string, object]>([
    ["for ES256", es256.jwk],
    ["for EdDSA", eddsa.jwk],
    ["for RS256", rs256.jwk],
    ["without alg", withoutAlg],
    ["for signatures", { ...es256.jwk, use: "sig" }],
    ["to verify", { ...es256.jwk, key_ops: ["verify"] }],
    ["with members that nobody knows", { ...es256.jwk, x5t: "a", canary: { a: 1 } }],
    ["with its private part", { ...es256.privateJwk, kid: "es", key_ops: ["sign", "verify"] }],
  ])("%s", async (_, jwk) => {
    const [key, ...others] = await parse(jwk);
    expect(others).toEqual([]);
    expect(key!.key.type).toBe("public");
    expect(key!.key.usages).toEqual(["verify"]);
  });

  test.each([2048, 3072, 4096])("with %i bits of RSA", async (bits) => {
    expect(await ids(madeUpRsa(bits))).toEqual(["a"]);
  });
});

const BEYOND = Buffer.alloc(32, 255).toString("base64url");

describe("a key of a key set is left out", () => {
  const oct = { kty: "oct", k: Buffer.alloc(32, 1).toString("base64url"), kid: "oct" };
  test.each<[string, unknown]>([
    ["that is symmetric", { ...oct, alg: "HS256" }],
    ["that is symmetric, and says otherwise", { ...oct, alg: "ES256" }],
    ["of another curve", es384.jwk],
    ["of another curve, and says otherwise", { ...es384.jwk, alg: "ES256" }],
    ["for another algorithm", { ...rs256.jwk, alg: "PS256" }],
    ["for encryption", { ...es256.jwk, use: "enc" }],
    ["only to sign", { ...es256.jwk, key_ops: ["sign"] }],
    ["with operations that are no list", { ...es256.jwk, key_ops: "verify" }],
    ["of 1024 bits", short.jwk],
    ["of 2040 bits", madeUpRsa(2040)],
    ["of 4104 bits", madeUpRsa(4104)],
    ["without a coordinate", { ...es256.jwk, y: undefined }],
    ["off the curve", { ...es256.jwk, y: es256.jwk.x }],
    ["with a short coordinate", { ...es256.jwk, x: "AAAA" }],
    ["with a coordinate beyond the field", { ...es256.jwk, x: BEYOND }],
    ["with a coordinate that is no text", { ...es256.jwk, x: 1 }],
    ["that is null", null],
    ["that is a text", "canary"],
  ])("%s", async (_, jwk) => {
    expect(await ids(jwk, eddsa.jwk)).toEqual(["ed"]);
    // In Bun 1.4.5 the runtime's refusal of a point would make the next HMAC throw.
    expect(() => new Bun.CryptoHasher("sha256", "key").update("text")).not.toThrow();
  });

  test("whose algorithm is not configured", async () => {
    const text = JSON.stringify({ keys: [es256.jwk, eddsa.jwk, rs256.jwk] });
    const keys = await parseKeySet(text, ["RS256"]);
    expect(keys.map(({ id }) => id)).toEqual(["rs"]);
  });
});

test.each(["", "null", "[]", "{}", '{"keys":{}}', '{"keys":[]', "<html>"])(
  "%j is no key set",
  async (text) => {
    await expect(parseKeySet(text, KEY_SET_ALGORITHMS)).rejects.toThrow();
  },
);

describe("the keys for a token are", () => {
  const found = async (keys: object[], header: { keyId?: string; algorithm: string }) =>
    keysFor(await parse(...keys), header).map(({ id }) => id);

  test("those with its kid and alg", async () => {
    const keys = [es256.jwk, other.jwk, { ...eddsa.jwk, kid: "es" }];
    expect(await found(keys, { keyId: "es", algorithm: "ES256" })).toEqual(["es"]);
    expect(await found(keys, { keyId: "other", algorithm: "ES256" })).toEqual(["other"]);
    expect(await found(keys, { keyId: "es", algorithm: "RS256" })).toEqual([]);
    expect(await found(keys, { keyId: "nobody", algorithm: "ES256" })).toEqual([]);
  });

  test("without a kid, the only one for its alg", async () => {
    const header = { algorithm: "ES256" };
    expect(await found([withoutKid, eddsa.jwk], header)).toEqual([undefined]);
    expect(await found([es256.jwk, eddsa.jwk], header)).toEqual(["es"]);
    expect(await found([es256.jwk, other.jwk], header)).toEqual([]);
    expect(await found([eddsa.jwk], header)).toEqual([]);
  });

  test("none without a kid, for a token that names one", async () => {
    expect(await found([withoutKid], { keyId: "es", algorithm: "ES256" })).toEqual([]);
  });
});

describe("a signature is verified for", () => {
  test.each([
    ["ES256", es256],
    ["EdDSA", eddsa],
    ["RS256", rs256],
  ] as const)("%s", async (_, signer) => {
    const [key] = await parse(signer.jwk);
    const token = parseToken(await signer.sign(CLAIMS));
    expect(await isSignedBy(key!, token)).toBe(true);
    for (const index of [0, token.signature.length - 1]) {
      const signature = token.signature.slice();
      signature[index]! ^= 1;
      expect(await isSignedBy(key!, { ...token, signature })).toBe(false);
    }
    for (const length of [0, 1, token.signature.length - 1]) {
      const signature = token.signature.slice(0, length);
      expect(await isSignedBy(key!, { ...token, signature })).toBe(false);
    }
    const signed = token.signed.slice();
    signed[10]! ^= 1;
    expect(await isSignedBy(key!, { ...token, signed })).toBe(false);
  });
});
