import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({
  args: [
    ...["--upstream", upstream.url],
    ...["--header", "Authorization: Bearer injected"],
    ...["--header", "X-Api-Key: injected key"],
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("an injected header replaces the caller's", () => {
  test.each([
    ["nothing", []],
    ["it once", ["Authorization: Bearer caller"]],
    ["it twice", ["Authorization: Bearer caller", "Authorization: Bearer again"]],
    ["it in other capitals", ["AUTHORIZATION: Bearer caller", "aUTHORIZATION: Bearer again"]],
    ["it empty", ["Authorization:", "X-Api-Key: "]],
    ["both", ["X-Api-Key: caller", "Authorization: Basic Y2FsbGVyOmNhbGxlcg=="]],
    ["a look-alike", ["X_Api_Key: caller"]],
    ["look-alikes in part", ["X-Api_Key: caller", "x_api-key: caller", "X_API_KEY: caller"]],
    ["look-alikes of other kinds", ["X.Api.Key: caller", "X~Api~Key: caller", "x!api^key: caller"]],
    ["it without separators", ["XApiKey: caller", "xapikey: caller", "x-apikey: caller"]],
    ["it with more separators", ["X--Api-Key: caller", "X-Api-Key-: caller", "_X-Api-Key: caller"]],
    ["it and a look-alike", ["X-Api-Key: caller", "X_Api_Key: caller"]],
  ])("the caller sends %s", async (_, headers) => {
    const response = await signedExchange(gateway, `${upstream.url}/`, { headers });
    expect(response.status).toBe(200);
    const request = upstream.requests.at(-1);
    expect(request?.all("authorization")).toEqual(["Bearer injected"]);
    expect(request?.all("x-api-key")).toEqual(["injected key"]);
    expect(request?.headers.filter(([name]) => /[^a-z-]/i.test(name))).toEqual([]);
    expect(request?.head).not.toContain("caller");
  });

  test("the caller signs it", async () => {
    const signed = { Authorization: "Bearer caller" };
    const response = await signedExchange(gateway, `${upstream.url}/`, {
      headers: ["Authorization: Bearer caller"],
      sign: { headers: signed },
    });
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.all("authorization")).toEqual(["Bearer injected"]);
  });
});
