import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const port = new URL(upstream.url).port;
const gateway = await startGateway({ args: ["--upstream", `${upstream.url}/v1/`] });
const target = `${upstream.url}/v1/x`;
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** The reason in the log's line of a response. */
async function reasonOf(requestId: unknown): Promise<unknown> {
  return (await gateway.waitForRecord(({ request_id }) => request_id === requestId))["reason"];
}

describe("a URL of the wrong time comes back with its times and the gateway's", () => {
  test.each([
    ["expired", "1970-01-01T00:00:01", 10, "1970-01-01T00:00:11"],
    ["expired", "2024-02-29T23:59:59", 1, "2024-03-01T00:00:00"],
    ["date_in_future", "2999-12-31T23:59:59", 60, "3000-01-01T00:00:59"],
    ["date_in_future", "9999-12-31T23:59:59", 60, "9999-12-31T23:59:59"],
  ])("%s: %s", async (code, signedAt, expires, expiredAt) => {
    const before = Date.now();
    const sign = { now: new Date(`${signedAt}Z`), expires };
    const problem = problemOf(await signedExchange(gateway, target, { sign }));
    expect(problem["code"]).toBe(code);
    const moments = ["signed_at", "expired_at", "now"].map((name) => String(problem[name]));
    for (const moment of moments) expect(moment).toMatch(RFC3339);
    const [signed, expired, now] = moments.map((moment) => Date.parse(moment));
    expect([signed, expired]).toEqual([Date.parse(`${signedAt}Z`), Date.parse(`${expiredAt}Z`)]);
    expect(now).toBeWithin(before - 1, Date.now() + 1);
  });
});

describe("a signed header that is missing is named", () => {
  test.each([
    ["x-tenant", { "x-tenant": "1" }, []],
    ["content-type", { "content-type": "a/b", "x-a": "1" }, ["X-A: 1"]],
    ["x".repeat(200), { ["x".repeat(200)]: "1" }, []],
  ])("%s", async (name, signed, headers) => {
    const response = await signedExchange(gateway, target, { headers, sign: { headers: signed } });
    const problem = problemOf(response);
    expect(problem).toMatchObject({ code: "signed_header_missing", header: name });
    expect(await reasonOf(problem["request_id"])).toBe(name.slice(0, 64));
  });
});

describe("the log tells which part of a target differs from its rule", () => {
  test.each([
    ["host", `http://localhost:${port}/v1/x`],
    ["host", "https://elsewhere.example/"],
    ["scheme", `https://127.0.0.1:${port}/v1/x`],
    ["port", "http://127.0.0.1:1/v1/x"],
    ["port", "http://127.0.0.1/v1/x"],
    ["path", `${upstream.url}/v2/x`],
    ["path", `${upstream.url}/v1/../v2/x`],
    ["path", `${upstream.url}/v1/..%2fadmin`],
  ])("%s: %s", async (part, url) => {
    const problem = problemOf(await signedExchange(gateway, url));
    expect(problem["code"]).toBe("target_not_allowed");
    expect(await reasonOf(problem["request_id"])).toBe(
      `no upstream rule matches: different ${part}`,
    );
    // The client is told nothing of the operator's rules.
    expect(JSON.stringify(problem)).not.toContain("another");
  });
});

test("a signature that does not match is sent to signway explain", async () => {
  const response = await signedExchange(gateway, target, { sign: { secret: "another" } });
  expect(problemOf(response)["detail"]).toContain("`signway explain`");
});
