import { describe, expect, test } from "bun:test";
import { createSigner, signWithSecret } from "../../../support/token_signer.ts";
import { CLAIMS, createStage } from "./key_set_stage.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const [a, b, c] = await Promise.all(["a", "b", "c"].map((kid) => createSigner("ES256", kid)));
const [one, two, three] = [a!, b!, c!];

describe("a token of a key set", () => {
  test("is verified by its key, and the keys are fetched once", async () => {
    const stage = createStage();
    stage.publish(one, two);
    expect(stage.fetches).toBe(0);
    for (const signer of [one, two, one]) expect(await stage.verify(signer)).toBe("ok");
    expect(stage.fetches).toBe(1);
  });

  test("is refused with another key's kid, which causes no fetch", async () => {
    const stage = createStage();
    stage.publish(one, two);
    expect(await stage.verify(three, { kid: "a" })).toBe("token_signature_mismatch");
    expect(await stage.verify(one, { kid: "b" })).toBe("token_signature_mismatch");
    expect(stage.fetches).toBe(1);
  });

  test("is refused with an algorithm that is not configured, before anything is fetched", async () => {
    const stage = createStage(["EdDSA"]);
    stage.publish(one);
    expect(await stage.verify(one)).toBe("token_signature_mismatch");
    for (const alg of ["none", "HS256", "RS256", "es256", "", "__proto__"]) {
      expect(await stage.verify(one, { alg })).toBe("token_signature_mismatch");
    }
    expect(stage.fetches).toBe(0);
  });

  test("is not verified by a public key as a secret", async () => {
    const stage = createStage();
    stage.publish(one);
    const secrets = [JSON.stringify(one.jwk), Buffer.from(one.jwk.x!, "base64url")];
    for (const secret of secrets) {
      for (const alg of ["HS256", "ES256"]) {
        const text = signWithSecret(secret, CLAIMS, { alg, kid: "a" });
        expect(await stage.verifyText(text)).toBe("token_signature_mismatch");
      }
    }
  });

  test("without a kid is verified by the only key", async () => {
    const stage = createStage();
    stage.publish(one);
    expect(await stage.verify(one, { kid: undefined })).toBe("ok");
    expect(await stage.verify(two, { kid: undefined })).toBe("token_signature_mismatch");
    stage.publish(one, two);
    stage.pass(600_001);
    expect(await stage.verify(one, { kid: undefined })).toBe("token_signature_mismatch");
  });
});

describe("an unknown kid", () => {
  test("has the keys fetched again: keys rotate without a failed request", async () => {
    const stage = createStage();
    stage.publish(one);
    const signers = [one, two, three, one, two];
    for (const [i, signer] of signers.entries()) {
      // The provider publishes the next key before it signs with it, and keeps the last one.
      stage.publish(signer, signers[i + 1] ?? signer, signers[i - 1] ?? signer);
      for (let n = 0; n < 5; n++) {
        expect(await stage.verify(signer)).toBe("ok");
        if (i > 0) expect(await stage.verify(signers[i - 1]!)).toBe("ok");
        stage.pass(10 * SECOND);
      }
    }
  });

  test("has them fetched at once, also just after a fetch", async () => {
    const stage = createStage();
    stage.publish(one);
    expect(await stage.verify(one)).toBe("ok");
    stage.publish(one, two);
    expect(await stage.verify(two)).toBe("ok");
    expect(stage.fetches).toBe(2);
  });

  test.each([
    ["that are known already", true],
    ["that are not known yet", false],
  ])("100 at a time, with keys %s, make one fetch", async (_, isWarm) => {
    const stage = createStage();
    stage.publish(one);
    if (isWarm) expect(await stage.verify(one)).toBe("ok");
    const before = stage.fetches;
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, i) => two.sign(CLAIMS, { kid: `unknown-${i}` })),
    );
    const release = stage.hold();
    const verifying = tokens.map(stage.verifyText);
    release();
    const codes = await Promise.all(verifying);
    expect(new Set(codes)).toEqual(new Set(["token_signature_mismatch"]));
    expect(stage.fetches - before).toBe(1);
  });

  test("causes a fetch at most once in 30 seconds", async () => {
    const stage = createStage();
    stage.publish(one);
    expect(await stage.verify(one)).toBe("ok");
    const counts: number[] = [];
    for (let second = 0; second <= 90; second++) {
      expect(await stage.verify(two)).toBe("token_signature_mismatch");
      counts.push(stage.fetches);
      stage.pass(SECOND);
    }
    expect([counts[0], counts[29], counts[30], counts[59], counts[60], counts[90]]).toEqual([
      2, 2, 3, 3, 4, 5,
    ]);
  });

  test("does not make a request with a known key wait", async () => {
    const stage = createStage();
    stage.publish(one);
    expect(await stage.verify(one)).toBe("ok");
    const release = stage.hold();
    const unknown = stage.verify(two);
    await Bun.sleep(5);
    expect(await stage.verify(one)).toBe("ok");
    release();
    expect(await unknown).toBe("token_signature_mismatch");
  });

  test("is refused as before while the provider is down", async () => {
    const stage = createStage();
    stage.publish(one);
    expect(await stage.verify(one)).toBe("ok");
    stage.fail("status 500");
    expect(await stage.verify(two)).toBe("token_signature_mismatch");
    expect(await stage.verify(one)).toBe("ok");
  });
});

describe("keys are fetched again", () => {
  test("after ten minutes, so that a key that was withdrawn is refused then", async () => {
    const stage = createStage();
    stage.publish(one, two);
    expect(await stage.verify(one)).toBe("ok");
    stage.publish(two);
    stage.pass(10 * MINUTE - 1);
    expect(await stage.verify(one)).toBe("ok");
    expect(stage.fetches).toBe(1);
    stage.pass(1);
    expect(await stage.verify(one)).toBe("token_signature_mismatch");
    expect(await stage.verify(two)).toBe("ok");
    expect(stage.fetches).toBe(2);
  });

  test("by one fetch for all requests that wait", async () => {
    const stage = createStage();
    stage.publish(one);
    const tokens = await Promise.all(Array.from({ length: 100 }, () => one.sign(CLAIMS)));
    const release = stage.hold();
    const verifying = tokens.map(stage.verifyText);
    release();
    expect(new Set(await Promise.all(verifying))).toEqual(new Set(["ok"]));
    expect(stage.fetches).toBe(1);
  });
});

describe("while the provider is down", () => {
  test.each(["status 500", "text"])(
    "(%s) known keys verify for 55 minutes, and are unavailable after 65",
    async (failure) => {
      const stage = createStage();
      stage.publish(one);
      expect(await stage.verify(one)).toBe("ok");
      stage.fail(failure);
      for (let minute = 1; minute <= 55; minute++) {
        stage.pass(MINUTE);
        expect(await stage.verify(one)).toBe("ok");
      }
      stage.pass(10 * MINUTE);
      expect(await stage.verify(one)).toBe("keys_unavailable");
      expect(await stage.verify(two)).toBe("keys_unavailable");
      expect(new Set(stage.failures)).toEqual(
        new Set([failure === "text" ? "it is not a JWK Set" : failure]),
      );
      stage.publish(one);
      stage.pass(5 * SECOND);
      expect(await stage.verify(one)).toBe("ok");
    },
  );

  test("a gateway that never had keys asks again after 5 seconds, and not before", async () => {
    const stage = createStage();
    stage.fail("status 500");
    for (let i = 0; i < 10; i++) expect(await stage.verify(one)).toBe("keys_unavailable");
    expect(stage.fetches).toBe(1);
    stage.publish(one);
    stage.pass(5 * SECOND - 1);
    expect(await stage.verify(one)).toBe("keys_unavailable");
    stage.pass(1);
    expect(await stage.verify(one)).toBe("ok");
    expect(stage.fetches).toBe(2);
  });

  test("it is waited for once, and not as long as its last keys may be used", async () => {
    const stage = createStage();
    stage.publish(one);
    expect(await stage.verify(one)).toBe("ok");
    stage.fail("it took too long");
    stage.pass(10 * MINUTE);
    expect(await stage.verify(one)).toBe("ok");
    stage.pass(10 * SECOND);
    const release = stage.hold();
    // It would wait for ever.
    expect(await stage.verify(one)).toBe("ok");
    expect(stage.fetches).toBe(3);
    release();
  });
});
