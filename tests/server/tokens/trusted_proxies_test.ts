import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { signWithSecret } from "../../support/token_signer.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const SECRET = "a secret for tests, of 32 bytes.";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  trusted_proxies: ["127.0.0.1", "10.0.0.0/8"],
  app: [{ id: "web", secrets: [SECRET], upstream: [{ url: upstream.url }] }],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none" }],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** The status of a request with a token, or the code of the refusal. */
async function sent(token: string, lines: readonly string[]): Promise<unknown> {
  const path = `/${upstream.url.replace("http://", "")}/x`;
  const headers = [`Authorization: Bearer ${token}`, ...lines];
  const response = await plainExchange(gateway, "GET", path, { headers });
  return response.status === 200 ? 200 : problemOf(response)["code"];
}

describe("the address of a client behind a trusted proxy", () => {
  const sw = { ips: ["203.0.113.0/24", "2001:db8::/64"] };
  const exp = Math.floor(Date.now() / 1000) + 300;
  const token = signWithSecret(SECRET, { iss: "web", exp, sw });

  test.each<[string, string[], string | number]>([
    ["is the last one in X-Forwarded-For", ["203.0.113.5"], 200],
    ["is that before other trusted proxies", ["203.0.113.5, 10.1.2.3, 127.0.0.1"], 200],
    ["may have a port and brackets", ["[2001:db8::7]:4711"], 200],
    ["is the last one of all lines", ["198.51.100.1", "203.0.113.5"], 200],
    ["is not one that the client claims", ["203.0.113.5, 198.51.100.1"], "address_not_granted"],
    ["is not one before an entry that is none", ["203.0.113.5, unknown"], "address_not_granted"],
    ["is the proxy's own without the header", [], "address_not_granted"],
  ])("%s", async (_, values, expected) => {
    const lines = values.map((value) => `X-Forwarded-For: ${value}`);
    expect(await sent(token, lines)).toBe(expected);
  });

  test("is not read from other headers", async () => {
    for (const line of ["Forwarded: for=203.0.113.5", "X-Real-IP: 203.0.113.5"]) {
      expect(await sent(token, [line])).toBe("address_not_granted");
    }
  });

  test.each([
    ["198.51.100.1, 203.0.113.5, 10.1.2.3", "198.51.100.1, 203.0.113.5"],
    ["203.0.113.5:4711", "203.0.113.5"],
    ["unknown", "unknown, 127.0.0.1"],
    ["", "127.0.0.1"],
  ])("ends the X-Forwarded-For of a route: %j", async (value, expected) => {
    const headers = value === "" ? [] : [`X-Forwarded-For: ${value}`];
    expect((await plainExchange(gateway, "GET", "/open/", { headers })).status).toBe(200);
    expect(upstream.requests.at(-1)!.all("x-forwarded-for")).toEqual([expected]);
  });
});
