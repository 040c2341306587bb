import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "../../support/raw_client.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { headerSignature, signatureLine, SIGNED } from "../../support/header_signature.ts";

const LIMIT = 1000;
const LARGE = 200_000;
const CHUNKED = ["Transfer-Encoding: chunked"];

const upstream = await startUpstream([respond("ok")]);
const none = { upstream: upstream.url, signature: "none" as const };
const gateway = await startConfigured({
  route: [
    { path: "/body/", ...none, max_body: LIMIT },
    { path: "/large/", ...none, max_body: LARGE },
    { path: "/empty/", ...none, max_body: 0 },
    { path: "/any/", ...none },
    { path: "/post/", ...none, methods: ["POST"] },
    { path: "/read/", ...none, methods: ["GET", "HEAD"] },
    { path: "/post/signed/", upstream: upstream.url, signature: SIGNED, methods: ["PUT"] },
    {
      path: "/covered/",
      upstream: upstream.url,
      signature: { ...SIGNED, fields: ["method", "body"] },
      max_body: LIMIT,
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function outcomeOf(method: string, path: string, rest = {}): Promise<unknown> {
  const before = upstream.requests.length;
  const response = await plainExchange(gateway, method, path, rest);
  if (response.status === 200) return upstream.requests.at(-1)?.body.length;
  expect(upstream.requests).toHaveLength(before);
  return problemOf(response)["code"];
}

const inChunks = (...sizes: number[]) =>
  [...sizes.map((size) => chunk("x".repeat(size))), chunk("")].join("");

describe("max_body, with a known length", () => {
  test.each([
    ["/body/", 0, 0],
    ["/body/", LIMIT - 1, LIMIT - 1],
    ["/body/", LIMIT, LIMIT],
    ["/body/", LIMIT + 1, "body_too_large"],
    ["/body/", LARGE, "body_too_large"],
    ["/large/", LARGE, LARGE],
    ["/large/", LARGE + 1, "body_too_large"],
    ["/empty/", 0, 0],
    ["/empty/", 1, "body_too_large"],
    ["/any/", LARGE + 1, LARGE + 1],
  ])("%s takes %i bytes: %p", async (path, size, outcome) => {
    expect(await outcomeOf("POST", path, { body: "x".repeat(size) })).toBe(outcome);
  });

  test("is refused with 413 before the body has come", async () => {
    using client = await connect(gateway.port);
    const headers = [`Content-Length: ${LIMIT + 1}`];
    await client.write(requestBytes("POST", "/body/", { headers }));
    const response = await client.response();
    expect(problemOf(response)).toMatchObject({ status: 413, code: "body_too_large" });
  });
});

describe("max_body, in chunks", () => {
  test.each([
    ["/body/", [LIMIT], LIMIT],
    ["/body/", [1, 1, LIMIT - 2], LIMIT],
    ["/body/", [LIMIT + 1], "body_too_large"],
    ["/body/", [LIMIT, 1], "body_too_large"],
    ["/body/", [LARGE, LARGE], "body_too_large"],
    ["/large/", [LARGE / 2, LARGE / 2], LARGE],
    ["/large/", [LARGE / 2, LARGE / 2, 1], "body_too_large"],
    ["/empty/", [], 0],
    ["/empty/", [1], "body_too_large"],
  ])("%s takes chunks of %j bytes: %p", async (path, sizes, outcome) => {
    const rest = { headers: CHUNKED, body: inChunks(...sizes) };
    expect(await outcomeOf("POST", path, rest)).toBe(outcome);
  });

  test("is refused with 413 when the limit is passed, and no whole request went on", async () => {
    const before = upstream.requests.length;
    using client = await connect(gateway.port);
    await client.write(requestBytes("POST", "/body/", { headers: CHUNKED }));
    const allowed = "y".repeat(LIMIT);
    await client.write(chunk(allowed));
    await waitFor("the first chunk at the upstream", () =>
      upstream.connections.some(({ received }) => received().includes(allowed)),
    );
    expect(client.received()).toHaveLength(0);
    await client.write(chunk("y"));
    const response = await client.response();
    expect(problemOf(response)).toMatchObject({ status: 413, code: "body_too_large" });
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("max_body, when the body is signed", () => {
  const post = (size: number, rest: { headers?: string[]; body?: string } = {}) => {
    const body = "x".repeat(size);
    const line = `Signature: ${headerSignature(["POST", body])}`;
    const { headers = [] } = rest;
    return outcomeOf("POST", "/covered/", { body, ...rest, headers: [line, ...headers] });
  };

  test.each([
    [LIMIT, LIMIT],
    [LIMIT + 1, "body_too_large"],
  ])("%i bytes: %p", async (size, outcome) => {
    expect(await post(size)).toBe(outcome);
    expect(await post(size, { headers: CHUNKED, body: inChunks(size - 1, 1) })).toBe(outcome);
  });
});

describe("methods", () => {
  test.each([
    ["POST", "/post/", 0],
    ["GET", "/post/", "target_not_allowed"],
    ["PUT", "/post/", "target_not_allowed"],
    ["OPTIONS", "/post/", "target_not_allowed"],
    ["DELETE", "/post/", "target_not_allowed"],
    ["GET", "/read/", 0],
    ["POST", "/read/", "target_not_allowed"],
    ["PATCH", "/read/", "target_not_allowed"],
    ["DELETE", "/any/", 0],
    ["PATCH", "/any/", 0],
    ["OPTIONS", "/any/", 0],
    ["TRACE", "/any/", "method_not_allowed"],
    ["CONNECT", "/any/", "method_not_allowed"],
  ])("%s %s: %p", async (method, path, outcome) => {
    expect(await outcomeOf(method, path)).toBe(outcome);
  });

  test("HEAD has no body to tell", async () => {
    const read = await plainExchange(gateway, "HEAD", "/read/");
    expect(read.status).toBe(200);
    expect((await plainExchange(gateway, "HEAD", "/post/")).status).toBe(403);
  });

  test("the route inside has its own, and no wider ones from outside", async () => {
    const path = "/post/signed/";
    const by = (method: string) => ({ headers: [signatureLine(path, method)] });
    expect(await outcomeOf("PUT", path, by("PUT"))).toBe(0);
    expect(await outcomeOf("POST", path, by("POST"))).toBe("target_not_allowed");
    expect(await outcomeOf("PUT", path)).toBe("access_denied");
    expect(await outcomeOf("POST", path)).toBe("access_denied");
  });

  test.each(["X-HTTP-Method-Override: POST", "X-HTTP-Method: POST", "X-Method-Override: POST"])(
    "%s makes no other method of it",
    async (line) => {
      expect(await outcomeOf("GET", "/post/", { headers: [line] })).toBe("target_not_allowed");
    },
  );
});
