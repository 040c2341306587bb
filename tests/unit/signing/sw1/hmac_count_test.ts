import { describe, expect, test } from "bun:test";
import { createSigningKeys, type VerifyOptions } from "../../../../lib/signing/verify.ts";
import { outcomeOf, signedRequest, type TestRequest, withParameter } from "../draft.ts";
import { PUBLISHED_URLS } from "../published_urls.ts";
import { recordedSha256 } from "./recorded_sha256.ts";

/** Verifies and counts: one key is asked for each HMAC, one hash is made for each canonical request. */
async function costOf(
  request: TestRequest,
  secrets: string[],
  options: Partial<VerifyOptions> = {},
) {
  const cost = { hmacs: 0 };
  const { sha256, hashed } = recordedSha256();
  const keys = createSigningKeys();
  const outcome = await outcomeOf(request, {
    findSecrets: () => secrets,
    signingKeys: (...args) => (cost.hmacs++, keys(...args)),
    sha256,
    ...options,
  });
  return { outcome, ...cost, hashes: hashed.length };
}

const wronglySigned = (request: TestRequest) =>
  withParameter(request, "X-Sw-Signature", () => "0".repeat(64));

describe("a published URL as its SDK wrote it costs one hash and one HMAC", () => {
  const ascii = PUBLISHED_URLS.filter(({ name }) => name !== "signed-body-non-ascii");
  test.each(ascii.map((it) => [it.title, it] as const))("%s", async (_, { request, vector }) => {
    const cost = await costOf(request, [vector.secret]);
    expect(cost).toEqual({ outcome: "accepted", hmacs: 1, hashes: 1 });
  });
});

describe("a signed body outside ASCII costs one more for each other length", () => {
  test.each([
    ["ruby", 1],
    ["javascript", 2],
    ["python", 3],
  ] as const)("%s", async (sdk, count) => {
    const it = PUBLISHED_URLS.find((it) => it.name === "signed-body-non-ascii" && it.sdk === sdk);
    if (!it) throw new Error("the vectors have changed");
    const cost = await costOf(it.request, [it.vector.secret]);
    expect(cost).toEqual({ outcome: "accepted", hmacs: count, hashes: count });
  });
});

describe("a refusal is bounded as well", () => {
  const odd = { "X-Sw-Proxy": "https://api.example.com/a b'" };
  const body = "ü🔑";
  test.each<[string, TestRequest, number]>([
    ["an ordinary URL, by one", signedRequest(), 1],
    ["one with blanks and quotes, by four", spelled(signedRequest({ parameters: odd })), 4],
    ["a body outside ASCII, by three", signedRequest({ body }), 3],
    ["both, by twelve", spelled(signedRequest({ body, parameters: odd })), 12],
  ])("%s", async (_, request, count) => {
    const one = await costOf(wronglySigned(request), ["one"]);
    expect(one).toEqual({ outcome: "signature_mismatch", hmacs: count, hashes: count });
    const two = await costOf(wronglySigned(request), ["one", "two"]);
    expect(two).toEqual({ outcome: "signature_mismatch", hmacs: 2 * count, hashes: count });
  });

  test.each<[string, TestRequest, Partial<VerifyOptions>]>([
    ["no signature", withParameter(signedRequest(), "X-Sw-Signature", () => undefined), {}],
    ["an expired URL", signedRequest(), { now: () => Date.UTC(2030, 0) }],
    ["an unknown app", signedRequest(), { findSecrets: () => undefined }],
    [
      "a header that is missing",
      { ...signedRequest({ headers: { a: "b" } }), headers: new Headers() },
      {},
    ],
    ["an app without secrets", signedRequest(), { findSecrets: () => [] }],
  ])("no HMAC for %s", async (_, request, options) => {
    const { outcome, hmacs } = await costOf(request, ["secret"], options);
    expect(outcome).not.toBe("accepted");
    expect(hmacs).toBe(0);
  });
});

test("the first of several secrets that fits ends the search", async () => {
  const request = signedRequest({ secret: "second" });
  expect((await costOf(request, ["first", "second", "third"])).hmacs).toBe(2);
});

/** With less of it encoded than any signer would, so that it is none of the usual spellings. */
function spelled(request: TestRequest): TestRequest {
  return { ...request, query: request.query.replaceAll("%2F", "/") };
}
