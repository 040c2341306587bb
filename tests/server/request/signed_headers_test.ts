import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const sendSigned = (signed: Record<string, string>, lines: string[]) =>
  signedExchange(gateway, `${upstream.url}/`, { sign: { headers: signed }, headers: lines });

describe("on the wire, a signed header that is not as it was signed is refused", () => {
  test.each<[string, string[], string]>([
    ["absent", [], "signed_header_missing"],
    ["twice", ["X-Foo: foo", "X-Foo: foo"], "signature_mismatch"],
    ["twice in other capitals", ["X-Foo: foo", "x-foo: foo"], "signature_mismatch"],
    ["the good one first", ["X-Foo: foo", "X-Foo: bar"], "signature_mismatch"],
    ["the good one last", ["X-Foo: bar", "X-Foo: foo"], "signature_mismatch"],
    ["a second one that is empty", ["X-Foo: foo", "X-Foo:"], "signature_mismatch"],
    ["other capitals in the value", ["X-Foo: Foo"], "signature_mismatch"],
    ["one byte more", ["X-Foo: foo."], "signature_mismatch"],
    ["an underscore in the name", ["X_Foo: foo"], "signed_header_missing"],
    ["a byte above ASCII at the end", ["X-Foo: foo\xff"], "signature_mismatch"],
    ["a no-break space at the start", ["X-Foo: \xa0foo"], "signature_mismatch"],
    ["a no-break space in UTF-8 at the start", ["X-Foo: \xc2\xa0foo"], "signature_mismatch"],
  ])("%s", async (_, lines, code) => {
    const before = upstream.requests.length;
    const response = await sendSigned({ "x-foo": "foo" }, lines);
    expect(response.status).toBe(400);
    expect(problemOf(response)["code"]).toBe(code);
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("on the wire, a signed header arrives as it was signed", () => {
  test.each<[string, string, string[], string[]]>([
    ["one line", "foo", ["X-Foo: foo"], ["foo"]],
    ["blanks around", "foo", ["X-Foo:  \t foo \t "], ["foo"]],
    ["no blank", "foo", ["X-Foo:foo"], ["foo"]],
    ["a list in one line", "a, b", ["X-Foo: a, b"], ["a, b"]],
    // RFC 9110, section 5.3: the lines of one name are one list.
    ["a list in two lines", "a, b", ["X-Foo: a", "X-Foo: b"], ["a, b"]],
  ])("%s", async (_, value, lines, seen) => {
    const response = await sendSigned({ "x-foo": value }, lines);
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.all("x-foo")).toEqual(seen);
  });
});
