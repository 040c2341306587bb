import { describe, expect, test } from "bun:test";
import { bodyLengths } from "../../../../lib/signing/sw1/signed_headers.ts";
import { outcomeOf, SECRET, signedRequest, type TestRequest } from "../draft.ts";
import { referenceCanonical, referenceSignature, referenceText } from "../reference.ts";

describe("bodyLengths counts bytes, UTF-16 units and characters, each once", () => {
  test.each<[string, string | Uint8Array, number[]]>([
    ["nothing", "", [0]],
    ["ASCII", "hello", [5]],
    ["two bytes, one unit", "é", [2, 1]],
    ["three bytes, one unit", "你好", [6, 2]],
    ["four bytes, two units, one character", "🚀", [4, 2, 1]],
    ["all of them", "aé你🚀", [10, 5, 4]],
    ["a letter and its accent", "e\u0301", [3, 2]],
    ["a family of seven characters", "👨‍👩‍👧‍👦", [25, 11, 7]],
    ["a byte order mark, which counts", "\ufeffa", [4, 2]],
    ["not UTF-8", Uint8Array.of(0xff, 0xfe, 0x41), [3]],
    ["two thirds of a character", Uint8Array.of(0x61, 0xe4, 0xbd), [3]],
    ["an encoded surrogate", Uint8Array.of(0xed, 0xa0, 0x80), [3]],
  ])("%s", (_, body, lengths) => {
    expect([...bodyLengths(new Uint8Array(Buffer.from(body)))]).toEqual(lengths);
  });
});

describe("a signed content-length may be any of them, and nothing else", () => {
  const body = "aé你🚀";
  test.each([
    [10, "accepted"],
    [5, "accepted"],
    [4, "accepted"],
    [0, "signature_mismatch"],
    [3, "signature_mismatch"],
    [6, "signature_mismatch"],
    [9, "signature_mismatch"],
    [11, "signature_mismatch"],
  ])("%i", async (length, expected) => {
    const request = signedWithLength(body, String(length));
    expect(await outcomeOf(request)).toBe(expected);
    // A chunked request has no such header; the length is that of the bytes that came.
    expect(await outcomeOf({ ...request, headers: new Headers() })).toBe(expected);
  });

  test.each(["010", "10.0", "0xa", "+10", "1e1", "", "10, 10"])("%j", async (length) => {
    const request = signedWithLength(body, length);
    expect(await outcomeOf(request)).toBe("signature_mismatch");
  });

  test.each([5, 4, 11])("a client that sends %i as the length is refused", async (length) => {
    const headers = new Headers({ "content-length": String(length) });
    const request = { ...signedWithLength(body, "10"), headers };
    expect(await outcomeOf(request)).toBe("signature_mismatch");
  });

  test("a body without a signed length is verified all the same", async () => {
    const request = signedRequest({ body, parameters: { "X-Sw-SignedHeaders": "" } });
    expect(await outcomeOf(request)).toBe("accepted");
    const other = new Uint8Array(Buffer.from("aé你🚁"));
    expect(await outcomeOf({ ...request, body: other })).toBe("signature_mismatch");
  });
});

/** A request whose signer counted the body in its own way; it is sent with the length in bytes. */
function signedWithLength(body: string, length: string): TestRequest {
  const request = signedRequest({ method: "POST", body });
  const pairs = request.query.split("&").filter((pair) => !pair.startsWith("X-Sw-Signature="));
  const headers = [["content-length", length]] as const;
  const parts = { method: "POST", path: "/", pairs, headers, body: request.body };
  const text = referenceText(referenceCanonical(parts), "20261122T090807Z");
  const signature = referenceSignature(text, SECRET, "20261122");
  return { ...request, query: [...pairs, `X-Sw-Signature=${signature}`].join("&") };
}
