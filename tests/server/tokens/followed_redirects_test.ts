import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { mint } from "../../support/minted.ts";

const END = "/v1/end";

const seen: Request[] = [];
const upstream = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    seen.push(request);
    if (new URL(request.url).pathname === END) return new Response("arrived");
    return new Response(null, { status: 307, headers: { location: `${END}?page=2` } });
  },
});
const gateway = await startGateway({ args: ["--upstream", upstream.url.href] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

const TOKEN = mint({ claims: { sw: { to: [`${upstream.url.origin}/`] } } });
const START = `/${upstream.url.host}/v1/start`;

/** Sends a request and follows redirects, as browsers and SDKs do. */
const follow = (path: string, headers: Record<string, string> = {}) =>
  fetch(gateway.url + path, { headers, redirect: "follow" });

describe("a client that follows a redirect within the upstream's origin", () => {
  test.each<[where: string, path: string, headers: Record<string, string>]>([
    ["Authorization", START, { authorization: `Bearer ${TOKEN}` }],
    ["x-api-key", START, { "x-api-key": TOKEN }],
    ["its path", `/~${TOKEN}${START}`, {}],
  ])("arrives with a token in %s", async (_, path, headers) => {
    const response = await follow(path, headers);
    expect([response.status, await response.text()]).toEqual([200, "arrived"]);
    expect(response.redirected).toBe(true);
    expect(seen.at(-1)!.url).toBe(`${upstream.url.origin}${END}?page=2`);
  });

  // The gateway writes no token into a Location.
  test.each(["X-Sw-Token", "key", "access_token"])(
    "loses a token in the parameter %s",
    async (name) => {
      const before = seen.length;
      const response = await follow(`${START}?${name}=${TOKEN}`);
      expect(response.redirected).toBe(true);
      expect(response.url).toBe(`${gateway.url}/${upstream.url.host}${END}?page=2`);
      expect([response.status, response.headers.get("x-sw-problem")]).toEqual([
        400,
        "signature_missing",
      ]);
      expect(seen.slice(before).map(({ url }) => new URL(url).pathname)).toEqual(["/v1/start"]);
    },
  );
});
