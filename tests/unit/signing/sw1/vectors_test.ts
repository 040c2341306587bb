import { describe, expect, test } from "bun:test";
import { outcomeOf, verify } from "../draft.ts";
import { PUBLISHED_URLS } from "../published_urls.ts";

const TABLE = PUBLISHED_URLS.map((it) => [it.title, it] as const);

test("the vectors hold 72 URLs", () => {
  expect(PUBLISHED_URLS).toHaveLength(72);
});

describe("verifyUrl accepts what the published SDKs sign", () => {
  test.each(TABLE)("%s", async (_, { request, vector }) => {
    const findSecrets = (id: string) => (id === vector.id ? [vector.secret] : undefined);
    const url = await verify(request, { findSecrets });
    const { id, expires, signedAt, signedBody, body } = url;
    expect({ id, expires, signedAt }).toEqual({
      id: vector.id,
      expires: vector.expires,
      signedAt: Date.parse("2026-11-22T09:08:07Z"),
    });
    // Two of the SDKs normalise the target before they sign it; it stays the same URL.
    expect(new URL(url.upstream).href).toBe(new URL(vector.target).href);
    expect(body === undefined).toBe(!signedBody);
    if (body) expect(Buffer.from(body).toString()).toBe(vector.body ?? "");
  });
});

describe("verifyUrl refuses it with another secret, another app's secrets or none", () => {
  test.each(TABLE)("%s", async (_, { request, vector }) => {
    const { secret } = vector;
    for (const other of [`${secret} `, `${secret}x`, secret.slice(1), secret.toUpperCase(), ""]) {
      const code = await outcomeOf(request, { findSecrets: () => [other] });
      expect([other, code]).toEqual([other, "signature_mismatch"]);
    }
    expect(await outcomeOf(request, { findSecrets: () => [] })).toBe("signature_mismatch");
    expect(await outcomeOf(request, { findSecrets: () => undefined })).toBe("app_unknown");
    expect(await outcomeOf(request, { findSecrets: () => ["other", secret] })).toBe("accepted");
  });
});
