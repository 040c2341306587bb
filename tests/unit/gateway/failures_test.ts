import { describe, expect, test } from "bun:test";
import { createMemoryLedger } from "../../../lib/runtime/create_gateway.ts";
import { GatewayError } from "../../../lib/gateway/problem/gateway_error.ts";
import { SignatureError } from "../../../lib/signing/verify.ts";
import {
  gatewayUnderTest,
  problemIn,
  signed,
  type UnderTestOptions,
} from "./in_process_gateway.ts";

const LEAK =
  "connect ECONNREFUSED 10.0.0.1:8000 https://api.example.com/v1/items?q=1 Bearer injected";

const failing = (error: unknown): UnderTestOptions => ({ answer: () => Promise.reject(error) });

/** Everything that a client can see of a response. */
async function visible(response: Response): Promise<string> {
  return JSON.stringify([...response.headers]) + (await response.text());
}

const LEAKED = /ECONNREFUSED|10\.0\.0\.1|:8000|api\.example|injected|Bearer|\.ts|\bat /;

describe("every exception becomes a short problem without its text", () => {
  test.each<[string, unknown, number, string]>([
    ["an Error", new Error(LEAK), 500, "internal_error"],
    ["one with a cause", new Error("x", { cause: new Error(LEAK) }), 500, "internal_error"],
    ["a TypeError", new TypeError(LEAK), 500, "internal_error"],
    ["a DOMException", new DOMException(LEAK, "AbortError"), 500, "internal_error"],
    ["a text", LEAK, 500, "internal_error"],
    ["nothing", undefined, 500, "internal_error"],
    ["null", null, 500, "internal_error"],
    ["an object that looks like ours", { code: "expired", message: LEAK }, 500, "internal_error"],
    ["no connection", new GatewayError("upstream_unreachable", LEAK), 502, "upstream_unreachable"],
    ["a broken one", new GatewayError("upstream_broken", LEAK), 502, "upstream_broken"],
    ["a late one", new GatewayError("upstream_timeout", LEAK), 504, "upstream_timeout"],
  ])("%s", async (_, error, status, code) => {
    const gateway = gatewayUnderTest(failing(error));
    const response = await gateway.send(signed());
    expect(response.status).toBe(status);
    expect((await problemIn(response.clone()))["code"]).toBe(code);
    expect(await visible(response)).not.toMatch(LEAKED);
    // The log learns what nobody foresaw; what was foreseen has its own line.
    expect(gateway.errors).toEqual(status === 500 ? [error] : []);
  });

  test.each<[string, UnderTestOptions]>([
    ["the look-up of an app", { sources: { findApp: () => Promise.reject(new Error(LEAK)) } }],
    ["the look-up of an app, at once", { sources: { findApp: thrower } }],
    ["the hash function", { sha256: thrower }],
    ["the wall clock", { now: thrower, ledger: createMemoryLedger() }],
  ])("from %s", async (_, options) => {
    const gateway = gatewayUnderTest(options);
    const response = await gateway.send(signed());
    expect(response.status).toBe(500);
    expect(await visible(response)).not.toMatch(LEAKED);
    expect(gateway.fetched).toHaveLength(0);
    expect(gateway.errors).toHaveLength(1);
    expect(gateway.records).toMatchObject([{ outcome: "internal_error" }]);
  });
});

function thrower(): never {
  throw new Error(LEAK);
}

describe("an answer that cannot be passed on is the upstream's fault", () => {
  const unending = () => new ReadableStream({ pull: () => new Promise<void>(() => {}) });
  test.each<[string, () => Response]>([
    [
      "headers beyond any client's limit",
      () => new Response("", { headers: { x: "v".repeat(40_000) } }),
    ],
    ["a status below 200", () => withStatus(101)],
    ["a status above 599", () => withStatus(600)],
    ["a status of 999", () => withStatus(999)],
    ["a small body that breaks off", () => brokenAfter("hal", { "content-length": "4" })],
    ["a body that breaks off before its first byte", () => brokenAfter("")],
  ])("%s", async (_, answer) => {
    const gateway = gatewayUnderTest({ answer });
    const response = await gateway.send(signed());
    expect(response.status).toBe(502);
    expect((await problemIn(response))["code"]).toBe("upstream_broken");
    expect(gateway.records).toMatchObject([{ outcome: "upstream_failed", status: 502 }]);
  });

  test("its side is ended", async () => {
    const headers = { x: "v".repeat(40_000) };
    const gateway = gatewayUnderTest({ answer: () => new Response(unending(), { headers }) });
    await gateway.send(signed());
    expect(gateway.fetched[0]?.request.signal.aborted).toBe(true);
  });

  test("one that breaks off later breaks for the client, without its words", async () => {
    const gateway = gatewayUnderTest({ answer: () => brokenAfter("begun") });
    const response = await gateway.send(signed());
    expect(response.status).toBe(200);
    const error = await response.text().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toMatch(LEAKED);
    expect(gateway.records).toMatchObject([{ outcome: "upstream_truncated", bytesOut: 5 }]);
  });
});

test("an error of the signing code that some other code throws is no success", async () => {
  const gateway = gatewayUnderTest(failing(new SignatureError("expired")));
  expect((await gateway.send(signed())).status).toBe(400);
});

/** A response whose status only a server that breaks the rules sends. */
function withStatus(status: number): Response {
  const response = new Response("");
  Object.defineProperty(response, "status", { value: status });
  return response;
}

function brokenAfter(text: string, headers: Record<string, string> = {}): Response {
  let begun = text === "";
  const body = new ReadableStream({
    pull(controller) {
      if (begun) controller.error(new Error(LEAK));
      else controller.enqueue(Buffer.from(text));
      begun = true;
    },
  });
  return new Response(body, { headers });
}
