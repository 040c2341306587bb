import { describe, expect, test } from "bun:test";
import { createSigningKeys } from "../../../../lib/signing/verify.ts";
import { outcomeOf, SECRET, SIGNED_AT, signedRequest } from "../draft.ts";

const ARGUMENTS = ["app", "20261122", 0, "secret"] as const;

/** The signature of one text: two keys with the same one are the same key. */
async function fingerprint(key: CryptoKey | Promise<CryptoKey>): Promise<string> {
  const tag = await crypto.subtle.sign("HMAC", await key, new TextEncoder().encode("text"));
  return Buffer.from(tag).toString("hex");
}

describe("createSigningKeys", () => {
  test("derives a key once", () => {
    const keys = createSigningKeys();
    expect(keys(...ARGUMENTS)).toBe(keys(...ARGUMENTS));
  });

  test("returns a derived key without a promise", async () => {
    const keys = createSigningKeys();
    const derived = await keys(...ARGUMENTS);
    expect(derived).toBeInstanceOf(CryptoKey);
    expect(keys(...ARGUMENTS)).toBe(derived);
  });

  test.each([
    ["app", "other", "20261122", 0],
    ["app whose id holds slashes", "20261122/0/app", "20261122", 0],
    ["day", "app", "20261123", 0],
    ["place", "app", "20261122", 1],
  ] as const)("keeps another %s apart, though the secret is the same", (_, id, scope, index) => {
    const keys = createSigningKeys();
    const first = keys(...ARGUMENTS);
    expect(keys(id, scope, index, "secret")).not.toBe(first);
    expect(keys(...ARGUMENTS)).toBe(first);
  });

  test("notices a secret that was replaced in its place", async () => {
    const keys = createSigningKeys();
    const before = await keys(...ARGUMENTS);
    const after = await keys("app", "20261122", 0, "another");
    expect(await fingerprint(after)).not.toBe(await fingerprint(before));
    expect(keys("app", "20261122", 0, "another")).toBe(after);
    const back = keys(...ARGUMENTS);
    expect(back).not.toBe(before);
    expect(await fingerprint(back)).toBe(await fingerprint(before));
  });

  test("keeps no more than its limit, and forgets the oldest", () => {
    const keys = createSigningKeys(3);
    const ask = (id: string) => keys(id, "20261122", 0, "secret");
    const [a, b, c] = [ask("a"), ask("b"), ask("c")];
    expect([ask("a"), ask("b"), ask("c")]).toEqual([a, b, c]);
    const d = ask("d");
    expect(ask("b")).toBe(b);
    expect(ask("c")).toBe(c);
    expect(ask("d")).toBe(d);
    expect(ask("a")).not.toBe(a);
  });

  test("counts a replaced secret once", () => {
    const keys = createSigningKeys(2);
    const kept = keys("kept", "20261122", 0, "secret");
    for (let i = 0; i < 100; i++) void keys("changing", "20261122", 0, `secret ${i}`);
    expect(keys("kept", "20261122", 0, "secret")).toBe(kept);
  });

  test("stays right beyond its limit", async () => {
    const keys = createSigningKeys(1);
    const expected = await fingerprint(keys("a", "20261122", 0, "secret"));
    for (const id of ["b", "a", "c", "a"]) {
      expect(await fingerprint(keys(id, "20261122", 0, "secret"))).toBe(expected);
    }
  });
});

describe("verifyUrl with keys that are remembered", () => {
  test("a secret that was taken away no longer verifies", async () => {
    const request = signedRequest();
    const signingKeys = createSigningKeys();
    let secrets = [SECRET];
    const options = { signingKeys, findSecrets: () => secrets };
    expect(await outcomeOf(request, options)).toBe("accepted");
    secrets = ["another"];
    expect(await outcomeOf(request, options)).toBe("signature_mismatch");
    secrets = ["another", SECRET];
    expect(await outcomeOf(request, options)).toBe("accepted");
  });

  test("the cache that all calls share does not mix apps, days or secrets", async () => {
    for (let round = 0; round < 2; round++) {
      for (const id of ["a", "b"]) {
        for (const day of ["20261121", "20261122"]) {
          const parameters = {
            "X-Sw-Credential": `${id}/${day}`,
            "X-Sw-Date": `${day}T090807Z`,
            "X-Sw-Expires": "604800",
          };
          const secret = `secret of ${id}`;
          const request = signedRequest({ parameters, secret });
          const now = () => SIGNED_AT;
          const findSecrets = (id: string) => [`secret of ${id}`];
          expect(await outcomeOf(request, { now, findSecrets })).toBe("accepted");
          expect(await outcomeOf(request, { now })).toBe("signature_mismatch");
        }
      }
    }
  });

  test("many verifications at once agree", async () => {
    const requests = Array.from({ length: 50 }, (_, i) =>
      signedRequest({ method: i % 2 ? "GET" : "POST", path: `/${i}` }),
    );
    const signingKeys = createSigningKeys();
    const outcomes = await Promise.all(requests.map((it) => outcomeOf(it, { signingKeys })));
    expect(new Set(outcomes)).toEqual(new Set(["accepted"]));
  });
});
