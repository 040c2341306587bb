import { describe, expect, test } from "bun:test";
import { outcomeOf, SECRET, signedRequest, type TestRequest, verify } from "../draft.ts";

const REQUEST = signedRequest({ headers: { "X-Foo": "foo", "Content-Type": "text/plain" } });

const sending = (...headers: [string, string][]): TestRequest => ({
  ...REQUEST,
  headers: new Headers([["content-type", "text/plain"], ...headers]),
});

describe("a signed header that is not as it was signed is refused", () => {
  test.each<[string, TestRequest, string]>([
    ["absent", sending(), "signed_header_missing"],
    ["another name", sending(["x-foo2", "foo"]), "signed_header_missing"],
    ["an underscore", sending(["x_foo", "foo"]), "signed_header_missing"],
    ["empty", sending(["x-foo", ""]), "signature_mismatch"],
    ["sent twice", sending(["x-foo", "foo"], ["x-foo", "foo"]), "signature_mismatch"],
    ["sent twice, one empty", sending(["x-foo", "foo"], ["x-foo", ""]), "signature_mismatch"],
    [
      "sent twice in other capitals",
      sending(["x-foo", "foo"], ["X-FOO", "foo"]),
      "signature_mismatch",
    ],
    ["one byte more", sending(["x-foo", "fooo"]), "signature_mismatch"],
    ["one byte less", sending(["x-foo", "fo"]), "signature_mismatch"],
    ["one bit", sending(["x-foo", "fon"]), "signature_mismatch"],
    ["other capitals", sending(["x-foo", "Foo"]), "signature_mismatch"],
    ["a comma", sending(["x-foo", "foo,"]), "signature_mismatch"],
    ["a byte above ASCII after", sending(["x-foo", "foo\xe9"]), "signature_mismatch"],
    ["a no-break space before", sending(["x-foo", "\xa0foo"]), "signature_mismatch"],
    ["a no-break space after", sending(["x-foo", "foo\xa0"]), "signature_mismatch"],
    ["a vertical tab after", sending(["x-foo", "foo\v"]), "signature_mismatch"],
    ["a form feed before", sending(["x-foo", "\ffoo"]), "signature_mismatch"],
  ])("%s", async (_, request, code) => {
    expect(await outcomeOf(request)).toBe(code);
  });
});

describe("a header is accepted however HTTP may carry it", () => {
  test.each<[string, TestRequest]>([
    ["as it is", sending(["x-foo", "foo"])],
    ["in capitals", sending(["X-FOO", "foo"])],
    ["with blanks around", sending(["x-foo", " \t foo \t"])],
    ["beside others", sending(["x-foo", "foo"], ["x-bar", "bar"], ["accept", "*/*"])],
  ])("%s", async (_, request) => {
    expect(await outcomeOf(request)).toBe("accepted");
  });

  test("two lines of one name are one value, as RFC 9110 section 5.3 says", async () => {
    const request = signedRequest({ headers: { "X-List": "a, b" } });
    const headers = new Headers([
      ["x-list", "a"],
      ["x-list", "b"],
    ]);
    expect(await outcomeOf({ ...request, headers })).toBe("accepted");
    const reversed = new Headers([
      ["x-list", "b"],
      ["x-list", "a"],
    ]);
    expect(await outcomeOf({ ...request, headers: reversed })).toBe("signature_mismatch");
  });
});

describe("a list of names that no signer writes is refused, though signed", () => {
  const headers = { "x-foo": "foo", "x-bar": "bar" };
  test.each([
    ["a capital", "X-Foo"],
    ["one capital", "x-foo;x-Bar"],
    ["a repeated name", "x-foo;x-foo"],
    ["a blank name", "x-foo;;x-bar"],
    ["a blank name first", ";x-foo"],
    ["a blank name last", "x-foo;"],
    ["nothing but blank names", ";"],
    ["a space", "x-foo; x-bar"],
    ["spaces for names", " ; "],
    ["commas", "x-foo,x-bar"],
    ["a colon", "x-foo:foo"],
    ["a newline", "x-foo\nx-bar"],
    ["NUL", "x-foo\0"],
    ["a letter beyond ASCII", "x-föö"],
    ["a slash", "x/foo"],
    ["brackets", "x-foo[]"],
  ])("%s", async (_, names) => {
    const request = signedRequest({ headers, parameters: { "X-Sw-SignedHeaders": names } });
    expect(await outcomeOf(request)).toBe("parameter_malformed");
  });
});

describe("unusual signed headers", () => {
  test("a thousand signed names that the request lacks", async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `x-${i}`).join(";");
    const request = signedRequest({ parameters: { "X-Sw-SignedHeaders": names } });
    expect(await outcomeOf(request)).toBe("signed_header_missing");
  });

  test("a thousand signed headers that it has", async () => {
    const entries = Array.from({ length: 1000 }, (_, i) => [`x-${i}`, `value ${i}`]);
    const headers = Object.fromEntries(entries) as Record<string, string>;
    const request = signedRequest({ headers });
    expect(await outcomeOf(request)).toBe("accepted");
    const changed = new Headers({ ...headers, "x-500": "changed" });
    expect(await outcomeOf({ ...request, headers: changed })).toBe("signature_mismatch");
  });

  test("every character that a name may have", async () => {
    const request = signedRequest({ headers: { "!#$%&'*+-.^_`|~09az": "value" } });
    expect(await outcomeOf(request)).toBe("accepted");
  });

  test("names that mean something to JavaScript", async () => {
    for (const name of ["__proto__", "constructor", "tostring"]) {
      const parameters = { "X-Sw-SignedHeaders": name };
      const request = { ...signedRequest({ parameters }), headers: new Headers() };
      expect(await outcomeOf(request)).toBe("signed_header_missing");
    }
  });

  test.each([
    ["Latin-1", "caf\xe9"],
    [
      "every byte above ASCII",
      String.fromCharCode(...Array.from({ length: 128 }, (_, i) => 128 + i)),
    ],
    ["UTF-8 read as Latin-1", "\xe4\xbd\xa0"],
  ])("a value outside ASCII: %s", async (_, value) => {
    const signed = signedRequest({ headers: { "x-foo": `<${value}>` } });
    expect(await outcomeOf(signed)).toBe("accepted");
    const plain = signedRequest({ headers: { "x-foo": "<>" } });
    expect(await outcomeOf({ ...plain, headers: signed.headers })).toBe("signature_mismatch");
  });

  test("content-length of a body that is not signed is a header like any other", async () => {
    const request = signedRequest({ method: "POST", headers: { "content-length": "4" } });
    expect(await outcomeOf({ ...request, body: new Uint8Array(4) })).toBe("accepted");
    const changed = { ...request, headers: new Headers({ "content-length": "5" }) };
    expect(await outcomeOf(changed)).toBe("signature_mismatch");
    expect(await outcomeOf({ ...request, headers: new Headers() })).toBe("signed_header_missing");
  });
});

test("the names are told in the signer's order", async () => {
  const request = signedRequest({ headers: { "x-zed": "z", accept: "*/*" } });
  const url = await verify(request, { findSecrets: () => [SECRET] });
  expect(url.signedHeaders).toEqual(["x-zed", "accept"]);
});
