import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../../lib/gateway/model/rule.ts";
import { GatewayError } from "../../../../../lib/gateway/problem/gateway_error.ts";
import { gatewayUnderTest, signed } from "../../in_process_gateway.ts";

const URL_OF_RULE = new URL("https://api.example.com/v1/");

/** A gateway whose rule has these credentials. */
function gatewayWith(rule: Partial<UpstreamRule>, answer?: () => Response) {
  const upstreams = [{ url: URL_OF_RULE, headers: [], ...rule }];
  return gatewayUnderTest({ upstreams, ...(answer && { answer }) });
}

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe("an access token", () => {
  test("replaces the Authorization of the caller", async () => {
    const { send, fetched } = gatewayWith({ oauth: { token: async () => "one" } });
    const response = await send(signed({ headers: { authorization: "Bearer mine" } }));
    expect(response.status).toBe(200);
    expect(fetched.map(({ request }) => request.headers.get("authorization"))).toEqual([
      "Bearer one",
    ]);
  });

  test.each([
    ["?access_token=mine", ""],
    ["?a=1&Access%5fToken=mine&b=2", "?a=1&b=2"],
    ["?a;access_token=mine;b&%2561ccess.token[]=mine", "?a;b"],
    ["?$.oauth_token=mine&acce%C5%BFs_token=mine&key=kept", "?key=kept"],
    ["?my_access_token=kept&access_tokens=kept", "?my_access_token=kept&access_tokens=kept"],
  ])("replaces the one of the caller in the query: %s", async (query, left) => {
    const { send, fetched } = gatewayWith({ oauth: { token: () => "one" } });
    await send(signed({ target: `${URL_OF_RULE}x${query}` }));
    expect(fetched.map(({ upstream }) => upstream.url.search)).toEqual([left]);
  });

  test.each([
    [401, ["one"]],
    [403, []],
    [200, []],
  ])("and an answer with %i: refused are %j", async (status, expected) => {
    const refused: string[] = [];
    const oauth = { token: () => "one", refused: (token: string) => void refused.push(token) };
    const { send, fetched } = gatewayWith({ oauth }, () => new Response("", { status }));
    expect((await send(signed())).status).toBe(status);
    expect(refused).toEqual(expected);
    // The request is not repeated.
    expect(fetched).toHaveLength(1);
  });
});

test("the handshake of a WebSocket that is refused with 401 tells it too", async () => {
  const refused: string[] = [];
  const oauth = { token: () => "one", refused: (token: string) => void refused.push(token) };
  const { send } = gatewayUnderTest({
    upstreams: [{ url: URL_OF_RULE, headers: [], oauth }],
    dialUpstream: async () => new Response("", { status: 401 }),
  });
  const headers = {
    ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const response = await send(signed({ headers }), { acceptSocket: () => undefined });
  expect(response.status).toBe(401);
  expect(refused).toEqual(["one"]);
});

describe("without a credential nothing is sent:", () => {
  const unavailable = () => {
    throw new GatewayError("credential_unavailable", "status 500");
  };
  const aws = { region: "eu-west-1", service: "s3" };
  test.each<[string, Partial<UpstreamRule>]>([
    ["no token", { oauth: { token: unavailable } }],
    ["a rejected token", { oauth: { token: async () => unavailable() } }],
    ["no source of tokens", { oauth: {} }],
    ["no keys", { aws }],
    ["no keys now", { aws: { ...aws, keys: async () => unavailable() } }],
  ])("%s", async (_, rule) => {
    const { send, fetched, records } = gatewayWith(rule);
    const response = await send(signed());
    expect([response.status, await codeOf(response)]).toEqual([502, "credential_unavailable"]);
    expect(fetched).toEqual([]);
    expect(records.map(({ outcome }) => outcome)).toEqual(["upstream_failed"]);
  });

  test.each<[string, Partial<UpstreamRule>]>([
    ["a secret parameter", { query: [["key", "secret"]] }],
    ["a signature", { aws: { ...aws, keys: { accessKeyId: "a", secretAccessKey: "b" } } }],
    ["a token", { oauth: { token: () => "one" } }],
  ])("%s for a rule without a URL", async (_, rule) => {
    const { send, fetched } = gatewayUnderTest({ upstreams: [{ headers: [], ...rule }] });
    const response = await send(signed());
    expect([response.status, await codeOf(response)]).toEqual([403, "target_not_allowed"]);
    expect(fetched).toEqual([]);
  });
});
