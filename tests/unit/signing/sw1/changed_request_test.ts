import { describe, expect, test } from "bun:test";
import { outcomeOf, type TestRequest, withParameter } from "../draft.ts";
import { PUBLISHED_URLS, type PublishedUrl } from "../published_urls.ts";

const TABLE = PUBLISHED_URLS.map((it) => [it.title, it] as const);
const WITH_BODY = TABLE.filter(([, { request }]) => request.query.includes("X-Sw-Body=true"));
const WITH_HEADERS = TABLE.filter(([, { vector }]) => vector.headers !== undefined);

async function expectMismatch(it: PublishedUrl, changes: Partial<TestRequest>[]): Promise<void> {
  for (const change of changes) {
    const request = { ...it.request, ...change };
    const outcome = await outcomeOf(request, { findSecrets: () => [it.vector.secret] });
    expect([change, outcome]).toEqual([change, "signature_mismatch"]);
  }
}

describe("verifyUrl refuses a published URL with another method", () => {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get", "GETX", ""];
  test.each(TABLE)("%s", async (_, it) => {
    const others = methods.filter((method) => method !== it.vector.method);
    await expectMismatch(
      it,
      others.map((method) => ({ method })),
    );
  });
});

describe("verifyUrl refuses a published URL at another path", () => {
  test.each(TABLE)("%s", async (_, it) => {
    const { path } = it.request;
    const others = ["", "//", "/x", `${path}x`, `${path}/`, `/x${path}`, `${path}./`, "/%2F"];
    await expectMismatch(
      it,
      others.map((path) => ({ path })),
    );
  });
});

describe("verifyUrl refuses a published URL with one signed header changed or removed", () => {
  test.each(WITH_HEADERS)("%s", async (_, it) => {
    for (const [name, value] of Object.entries(it.vector.headers ?? {})) {
      const others = [
        "",
        `${value.trim()}x`,
        `x${value.trim()}`,
        value.trim().slice(1),
        `${value},`,
      ];
      await expectMismatch(
        it,
        others.map((value) => ({ headers: edited(it.request, (h) => h.set(name, value)) })),
      );
      await expectMismatch(it, [{ headers: edited(it.request, (h) => h.append(name, value)) }]);
      const headers = edited(it.request, (h) => h.delete(name));
      const removed = { ...it.request, headers };
      const findSecrets = () => [it.vector.secret];
      expect(await outcomeOf(removed, { findSecrets })).toBe("signed_header_missing");
    }
  });
});

describe("verifyUrl refuses a published URL with one byte of the signed body changed", () => {
  test.each(WITH_BODY)("%s", async (_, it) => {
    const { body } = it.request;
    const positions = [0, body.length >> 1, body.length - 1].filter((at) => at in body);
    const bodies = [
      ...positions.map((at) => body.map((byte, i) => (i === at ? byte ^ 1 : byte))),
      ...positions.map((at) => body.filter((_, i) => i !== at)),
      ...[0, ...positions].map((at) => joined(body.subarray(0, at), [0x20], body.subarray(at))),
      joined(body, [0]),
      joined(body, [0x0a]),
    ];
    await expectMismatch(
      it,
      bodies.map((body) => ({ body, headers: withLength(it.request, body) })),
    );
    // The length stays that of the signed body, as an attacker would leave it.
    await expectMismatch(
      it,
      bodies.map((body) => ({ body })),
    );
  });
});

describe("verifyUrl refuses a published URL with one digit of the signature changed", () => {
  test.each(TABLE)("%s", async (_, it) => {
    for (const at of [0, 1, 31, 32, 62, 63]) {
      const query = withParameter(it.request, "X-Sw-Signature", (raw) => flipDigit(raw, at)).query;
      await expectMismatch(it, [{ query }]);
    }
  });
});

function edited(request: TestRequest, edit: (headers: Headers) => void): Headers {
  const headers = new Headers([...(request.headers as Headers)]);
  edit(headers);
  return headers;
}

function withLength(request: TestRequest, body: Uint8Array): Headers {
  return edited(request, (headers) => headers.set("content-length", String(body.length)));
}

function joined(...parts: Iterable<number>[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function flipDigit(digits: string, at: number): string {
  const digit = (parseInt(digits.charAt(at), 16) ^ 1).toString(16);
  return digits.slice(0, at) + digit + digits.slice(at + 1);
}
