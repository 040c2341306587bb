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

describe("Connection nominates the caller's headers only", () => {
  test.each([
    ["the injected ones", ["Connection: close, Authorization, X-Api-Key, Host"]],
    ["in other capitals", ["connection: CLOSE, AUTHORIZATION, x-api-key, hOST"]],
    ["over two lines", ["Connection: Authorization", "Connection: X-Api-Key, Host"]],
    ["with odd separators", ["Connection: ,,Authorization ,\tX-Api-Key,,Host,"]],
    ["look-alikes", ["Connection: x_api_key, authorization"]],
  ])("%s", async (_, connection) => {
    const response = await signedExchange(gateway, `${upstream.url}/`, {
      headers: [...connection, "Authorization: Bearer caller", "X-Api-Key: caller"],
    });
    expect(response.status).toBe(200);
    const request = upstream.requests.at(-1);
    expect(request?.all("authorization")).toEqual(["Bearer injected"]);
    expect(request?.all("x-api-key")).toEqual(["injected key"]);
    expect(request?.all("host")).toEqual([`127.0.0.1:${upstream.port}`]);
    expect(request?.all("connection").join()).not.toMatch(/authorization|api.key|host/i);
  });

  test("a nominated header of the caller is dropped, its neighbours are not", async () => {
    await signedExchange(gateway, `${upstream.url}/`, {
      headers: ["Connection: X-Nominated", "X-Nominated: 1", "X-Neighbour: 2"],
    });
    const request = upstream.requests.at(-1);
    expect(request?.all("x-nominated")).toEqual([]);
    expect(request?.all("x-neighbour")).toEqual(["2"]);
  });
});
