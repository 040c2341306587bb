import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { gatewayUnderTest, problemIn, signed } from "../../gateway/in_process_gateway.ts";
import { outcomeOf, SECRET, SIGNED_AT, signedRequest, verify } from "../draft.ts";

const BODY = '{"prompt": "Hello"}';

const lengthOf = (body: string | Uint8Array) => String(Buffer.byteLength(body));

/** A request with a body that was signed, sent with the one that is given. */
function posting(sent: BodyInit, init: { signed?: string; headers?: Record<string, string> } = {}) {
  const body = init.signed ?? BODY;
  const sign = { body, headers: { "content-length": lengthOf(body) } };
  return signed({ method: "POST", body: sent, headers: init.headers ?? {}, sign });
}

const stream = (...chunks: (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });

describe("another body than the signed one reaches no upstream", () => {
  const gzipped = new Uint8Array(gzipSync(BODY));
  test.each<[string, () => BodyInit, Record<string, string>]>([
    ["shorter", () => BODY.slice(0, -1), {}],
    ["longer", () => `${BODY} `, {}],
    ["longer by a newline", () => `${BODY}\n`, {}],
    ["empty", () => "", {}],
    ["one bit flipped", () => BODY.replace("H", "I"), {}],
    ["the same length, other bytes", () => "x".repeat(BODY.length), {}],
    ["chunked and shorter", () => stream(BODY.slice(0, 5), BODY.slice(5, -1)), {}],
    ["chunked and longer", () => stream(BODY, "0"), {}],
    ["gzip-coded", () => gzipped, { "content-encoding": "gzip" }],
    ["in UTF-16", () => new Uint8Array(Buffer.from(BODY, "utf16le")), {}],
    ["with a byte order mark", () => `\ufeff${BODY}`, {}],
    ["not UTF-8", () => new Uint8Array(Buffer.concat([Buffer.from(BODY), Buffer.of(0xff)])), {}],
  ])("%s", async (_, body, headers) => {
    for (const length of [undefined, lengthOf(BODY)]) {
      const gateway = gatewayUnderTest();
      const sent = { ...headers, ...(length && { "content-length": length }) };
      const response = await gateway.send(posting(body(), { headers: sent }));
      const actual = (await new Response(body()).bytes()).length;
      const isTrue = length === undefined || length === String(actual);
      const code = isTrue ? "signature_mismatch" : "request_malformed";
      expect((await problemIn(response))["code"]).toBe(code);
      expect(gateway.fetched).toHaveLength(0);
    }
  });

  test("a length that is not the body's", async () => {
    const gateway = gatewayUnderTest();
    const response = await gateway.send(posting(BODY, { headers: { "content-length": "18" } }));
    expect((await problemIn(response))["code"]).toBe("request_malformed");
    expect(gateway.fetched).toHaveLength(0);
  });
});

describe("the signed body goes to the upstream, byte for byte", () => {
  test.each<[string, () => BodyInit]>([
    ["whole", () => BODY],
    ["chunked", () => stream(BODY.slice(0, 5), BODY.slice(5))],
    ["chunked, byte by byte", () => stream(...BODY)],
  ])("%s", async (_, body) => {
    const gateway = gatewayUnderTest();
    const response = await gateway.send(posting(body()));
    expect(response.status).toBe(200);
    const sent = gateway.fetched[0]?.request.body;
    expect(Buffer.from(sent as Uint8Array).toString()).toBe(BODY);
  });

  test("bytes that are not UTF-8", async () => {
    const body = Uint8Array.from({ length: 256 }, (_, i) => i);
    const request = signedRequest({ method: "POST", body });
    expect((await verify(request)).body).toEqual(body);
    for (const at of [0, 127, 128, 192, 255]) {
      const changed = body.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(await outcomeOf({ ...request, body: changed })).toBe("signature_mismatch");
    }
  });
});

describe("a body over the limit is refused", () => {
  const LIMIT = 1000;
  const body = (size: number) => "x".repeat(size);
  test.each<[string, number, (text: string) => BodyInit, string | undefined]>([
    ["at the limit", LIMIT, (text) => text, undefined],
    ["at the limit, chunked", LIMIT, (text) => stream(text), undefined],
    ["one byte over", LIMIT + 1, (text) => text, "body_too_large"],
    ["one byte over, chunked", LIMIT + 1, (text) => stream(...text), "body_too_large"],
  ])("%s", async (_, size, send, code) => {
    const gateway = gatewayUnderTest({ limits: { maxSignedBody: LIMIT } });
    const response = await gateway.send(posting(send(body(size)), { signed: body(size) }));
    expect(response.status).toBe(code ? 413 : 200);
    if (code) expect((await problemIn(response))["code"]).toBe(code);
    expect(gateway.fetched).toHaveLength(code ? 0 : 1);
  });

  test("by its length alone, without a byte of it read", async () => {
    const gateway = gatewayUnderTest({ limits: { maxSignedBody: LIMIT } });
    const never = new ReadableStream({ pull: () => new Promise<void>(() => {}) });
    const headers = { "content-length": String(LIMIT + 1) };
    const response = await gateway.send(posting(never, { headers }));
    expect(response.status).toBe(413);
  });

  test("without waiting for its end", async () => {
    const gateway = gatewayUnderTest({ limits: { maxSignedBody: LIMIT } });
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(100)),
      cancel: () => void (cancelled = true),
    });
    const response = await gateway.send(posting(endless));
    expect(response.status).toBe(413);
    expect(cancelled).toBe(true);
  });
});

describe("a body is read only when it is signed, and only for a URL that is good so far", () => {
  const counting = (body?: string) => {
    const request = signedRequest({ method: "POST", ...(body !== undefined && { body }) });
    let reads = 0;
    const readBody = () => Promise.resolve((reads++, request.body));
    return { request: { ...request, readBody }, reads: () => reads };
  };

  test("once when it is signed", async () => {
    const { request, reads } = counting(BODY);
    expect((await verify(request)).body).toEqual(request.body);
    expect(reads()).toBe(1);
  });

  test("not when it is not signed", async () => {
    const { request, reads } = counting();
    expect((await verify(request)).body).toBeUndefined();
    expect(reads()).toBe(0);
  });

  test("a body that cannot be read is not taken for a refusal", async () => {
    const failure = new Error("the connection broke");
    const request = { ...counting(BODY).request, readBody: () => Promise.reject(failure) };
    await expect(verify(request)).rejects.toBe(failure);
  });

  test.each<[string, string, object]>([
    ["an expired URL", "expired", { now: () => Date.UTC(2030, 0) }],
    ["an unknown app", "app_unknown", { findSecrets: () => undefined }],
    ["too long a life", "expires_too_long", { maxExpires: 1 }],
  ])("not for %s", async (_, code, options) => {
    const { request, reads } = counting(BODY);
    expect(await outcomeOf(request, options)).toBe(code);
    expect(reads()).toBe(0);
  });

  test.each(["TRUE", "True", "1", "yes", "", "0", "true ", "false\n", "null"])(
    "X-Sw-Body=%j is neither",
    async (text) => {
      const request = signedRequest({ body: BODY, parameters: { "X-Sw-Body": text } });
      expect(await outcomeOf(request)).toBe("parameter_malformed");
    },
  );
});

describe("while a signed body is read,", () => {
  const request = signedRequest({ method: "POST", body: BODY });
  const outcomeAfter = (change: () => void, options: object) => {
    const readBody = () => Promise.resolve((change(), request.body));
    return outcomeOf({ ...request, readBody }, options);
  };

  test("time passes: the URL may be too old at the end", async () => {
    let seconds = 60;
    const options = { now: () => SIGNED_AT + seconds * 1000 };
    expect(await outcomeAfter(() => {}, options)).toBe("accepted");
    expect(await outcomeAfter(() => (seconds = 61), options)).toBe("expired");
  });

  test.each<[string, string[] | undefined, string]>([
    ["replaced", ["another secret"], "signature_mismatch"],
    ["joined by another", ["another secret", SECRET], "accepted"],
    ["removed with its app", undefined, "app_unknown"],
  ])("its secret is %s", async (_, after, expected) => {
    let secrets: string[] | undefined = [SECRET];
    const options = { findSecrets: () => secrets };
    expect(await outcomeAfter(() => (secrets = after), options)).toBe(expected);
  });
});
