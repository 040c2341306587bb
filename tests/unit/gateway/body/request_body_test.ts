import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { contentLength, SMALL_BODY } from "../../../../lib/gateway/body/message_length.ts";
import { RequestBody } from "../../../../lib/gateway/body/request_body.ts";
import { BodyBudget } from "../../../../lib/gateway/body/body_budget.ts";
import { GATEWAY, gatewayUnderTest, problemIn, signed } from "../in_process_gateway.ts";
import { UPLOAD_LIMITS } from "../../../support/upload_limits.ts";

const LIMITS = { ...UPLOAD_LIMITS, maxUnverified: 1_000_000 };
const readBody = (request: Request, limit: number) => new RequestBody(request, LIMITS).bytes(limit);

const post = (body: BodyInit | null, headers: HeadersInit = {}) =>
  new Request(GATEWAY, { method: "POST", body, headers });

const chunked = (...chunks: string[]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });

const broken = () =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from("half"));
    },
    pull: (controller) => controller.error(new Error("the socket at 10.0.0.1 broke")),
  });

describe("contentLength", () => {
  test.each<[string | undefined, number | undefined]>([
    ["0", 0],
    ["5", 5],
    ["005", 5],
    ["999999999999999", 999_999_999_999_999],
    [undefined, undefined],
    ["", undefined],
    ["-1", undefined],
    ["+5", undefined],
    ["5.0", undefined],
    ["5, 5", undefined],
    ["0x5", undefined],
    ["1e3", undefined],
    ["five", undefined],
    ["9999999999999999", undefined],
  ])("%p is %p", (text, expected) => {
    const headers = new Headers(text === undefined ? {} : { "content-length": text });
    expect(contentLength(headers)).toBe(expected);
  });
});

describe("RequestBody.bytes", () => {
  test.each<[string, () => Request, string]>([
    ["none", () => post(null), ""],
    ["text", () => post("hello"), "hello"],
    ["chunks", () => post(chunked("he", "", "llo")), "hello"],
    ["exactly the limit", () => post("0123456789"), "0123456789"],
  ])("reads %s", async (_, request, expected) => {
    expect(Buffer.from(await readBody(request(), 10)).toString()).toBe(expected);
  });

  test.each<[string, () => Request]>([
    ["text", () => post("0123456789a")],
    ["chunks", () => post(chunked("01234", "56789", "a"))],
    ["a length that says so", () => post(chunked("a"), { "content-length": "11" })],
  ])("refuses more than the limit: %s", async (_, request) => {
    await expect(readBody(request(), 10)).rejects.toThrow(new GatewayError("body_too_large"));
  });

  test("a body that breaks off is malformed, and says nothing of why", async () => {
    const error = await readBody(post(broken()), 10).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: "request_malformed" });
    expect(String(error)).not.toContain("10.0.0.1");
  });
});

describe("a body that makes room for another", () => {
  const limits = () => ({
    ...LIMITS,
    unverified: new BodyBudget("unverified_limit"),
    checked: new BodyBudget("policy_bodies_limit"),
    maxUnverified: 20_000,
  });

  test("while it is verified is gone, and its verification does not count", async () => {
    const shared = limits();
    const [first, second] = ["a", "b"].map((letter) => {
      return new RequestBody(post(chunked(letter.repeat(18_000))), shared);
    });
    const bytes = await first!.bytes(20_000);
    expect(bytes).toHaveLength(18_000);
    expect(await second!.bytes(20_000)).toHaveLength(18_000);
    expect(bytes).toHaveLength(0);
    expect(() => first!.endVerification()).toThrow("unverified_limit");
    expect(() => second!.endVerification()).not.toThrow();
    expect(shared.unverified.held).toBe(0);
  });

  test("that was verified before is left alone", async () => {
    const shared = limits();
    const [first, second] = ["a", "b"].map((letter) => {
      return new RequestBody(post(chunked(letter.repeat(18_000))), shared);
    });
    const bytes = await first!.bytes(20_000);
    first!.endVerification();
    await second!.bytes(20_000);
    expect(bytes).toHaveLength(18_000);
  });
});

describe("RequestBody.send", () => {
  const sizes: number[] = [];
  const events = {
    onBytes: (size: number) => void sizes.push(size),
    onStall: () => {},
    onEnd: () => {},
  };
  const send = async (request: Request) => {
    sizes.length = 0;
    const body = await new RequestBody(request, LIMITS).send(events);
    if (body === null) return { kind: "none", text: "" };
    const kind = body instanceof ReadableStream ? "stream" : "whole";
    return { kind, text: await new Response(body).text() };
  };
  const large = "x".repeat(SMALL_BODY + 1);
  const lengthOf = (body: string) => ({ "content-length": String(body.length) });

  test.each<[string, () => Request, string, string]>([
    ["nothing", () => post(null), "none", ""],
    ["a small one", () => post("hello", lengthOf("hello")), "whole", "hello"],
    [
      "one of the limit",
      () => post(large.slice(1), lengthOf(large.slice(1))),
      "whole",
      large.slice(1),
    ],
    ["a large one", () => post(large, lengthOf(large)), "stream", large],
    ["chunks", () => post(chunked("he", "llo")), "stream", "hello"],
    ["an impossible length", () => post("hello", { "content-length": "x" }), "stream", "hello"],
  ])("sends %s", async (_, request, kind, text) => {
    expect(await send(request())).toEqual({ kind, text });
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(text.length);
  });

  test("a small one that is cut is noticed before anything is sent", async () => {
    const request = post(broken(), { "content-length": "5" });
    await expect(new RequestBody(request, LIMITS).send(events)).rejects.toMatchObject({
      code: "request_malformed",
    });
  });

  test("a stream that is cut breaks, and says nothing of why", async () => {
    const body = (await new RequestBody(post(broken()), LIMITS).send(events)) as ReadableStream;
    const error = await new Response(body).text().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toContain("10.0.0.1");
  });
});

describe("RequestBody", () => {
  test("is read once: a second call returns the same bytes", async () => {
    const body = new RequestBody(post("hello"), LIMITS);
    const bytes = await body.bytes(10);
    expect(Buffer.from(bytes).toString()).toBe("hello");
    expect(await body.bytes(10)).toBe(bytes);
  });

  test("sends the bytes that it was read as", async () => {
    const body = new RequestBody(post(chunked("he", "llo")), LIMITS);
    const bytes = await body.bytes(10);
    const sent: number[] = [];
    const events = { onBytes: (n: number) => void sent.push(n), onStall() {}, onEnd() {} };
    expect(body.send(events)).toBe(bytes);
    expect([body.length, sent]).toEqual([5, [5]]);
  });

  test("sends what replaced it, and nothing of what came", async () => {
    const body = new RequestBody(post("hello", { "content-length": "5" }), LIMITS);
    body.replace(new Uint8Array([1, 2]));
    expect(body.send({ onBytes() {}, onStall() {}, onEnd() {} })).toEqual(new Uint8Array([1, 2]));
    expect(body.length).toBe(2);
  });

  test.each([
    ["GET", false],
    ["HEAD", false],
    ["POST", true],
    ["DELETE", true],
  ])("of %s is sendable: %p", (method, expected) => {
    expect(new RequestBody(new Request(GATEWAY, { method }), LIMITS).isSendable).toBe(expected);
  });
});

describe("a body of GET or HEAD is refused, since it could not be forwarded", () => {
  test.each([
    ["GET", { "content-length": "5" }],
    ["HEAD", { "content-length": "5" }],
    ["GET", { "transfer-encoding": "chunked" }],
    ["GET", { "content-length": "00" }],
    ["GET", { "content-length": "0, 0" }],
  ])("%s %j", async (method, headers) => {
    const gateway = gatewayUnderTest();
    const response = await gateway.send(signed({ method, headers }));
    expect(response.status).toBe(400);
    expect((await problemIn(response))["code"]).toBe("body_unexpected");
    expect(gateway.fetched).toHaveLength(0);
  });

  test.each(["GET", "HEAD"])("%s with a length of 0 is none", async (method) => {
    const headers = { "content-length": "0" };
    expect((await gatewayUnderTest().send(signed({ method, headers }))).status).toBe(200);
  });
});
