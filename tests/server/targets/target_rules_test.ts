import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("allowed")]);
const neighbour = await startUpstream([respond("not allowed")]);
const gateway = await startGateway({
  args: ["--upstream", `${upstream.url}/v1`, "--header", "Authorization: Bearer injected"],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await neighbour.stop();
});

const HOST = `127.0.0.1:${upstream.port}`;

describe("a valid signature opens no target outside the rules", () => {
  test.each([
    ["another host", `http://localhost:${upstream.port}/v1/x`],
    ["another address of the same machine", `http://127.0.0.2:${upstream.port}/v1/x`],
    ["a host that cannot be looked up", "http://does-not-exist.invalid/v1/x"],
    ["another port", `${neighbour.url}/v1/x`],
    ["the scheme's own port", "http://127.0.0.1/v1/x"],
    ["https for http", `https://${HOST}/v1/x`],
    ["the root", `http://${HOST}/`],
    ["no path", `http://${HOST}`],
    ["a name that only starts alike", `http://${HOST}/v1-evil`],
    ["the same with a path", `http://${HOST}/v1-evil/x`],
    ["a name that ends alike", `http://${HOST}/x/v1`],
    ["other capitals", `http://${HOST}/V1/x`],
    ["dot segments", `http://${HOST}/v1/../admin`],
    ["dot segments behind a good path", `http://${HOST}/v1/x/../../admin`],
    ["encoded dot segments", `http://${HOST}/v1/%2e%2e/admin`],
    ["half-encoded dot segments", `http://${HOST}/v1/.%2E/admin`],
    ["backslashes", `http://${HOST}/v1\\..\\admin`],
    ["an empty segment first", `http://${HOST}//v1/x`],
    ["the rule's host in the query", `${neighbour.url}/?http://${HOST}/v1/`],
    ["the rule's host as a subdomain", `http://127.0.0.1.evil.test:${upstream.port}/v1/x`],
  ])("%s", async (_, target) => {
    const response = await signedExchange(gateway, target);
    expect(response.status).toBe(403);
    expect(problemOf(response)["code"]).toBe("target_not_allowed");
    expect(upstream.connections).toHaveLength(0);
    expect(neighbour.connections).toHaveLength(0);
  });
});

describe("the rule's own targets stay open", () => {
  test.each([
    ["the prefix itself", "/v1", "/v1"],
    ["the prefix with a slash", "/v1/", "/v1/"],
    ["the prefix with a query", "/v1?q=/../x", "/v1?q=/../x"],
    ["a path below", "/v1/chat/completions", "/v1/chat/completions"],
    ["dot segments that stay below", "/v1/a/../b", "/v1/b"],
  ])("%s", async (_, path, seen) => {
    const response = await signedExchange(gateway, `http://${HOST}${path}`);
    expect(response.status).toBe(200);
    const request = upstream.requests.at(-1);
    expect(request?.startLine).toBe(`GET ${seen} HTTP/1.1`);
    expect(request?.all("authorization")).toEqual(["Bearer injected"]);
    expect(neighbour.connections).toHaveLength(0);
  });
});
