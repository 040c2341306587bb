import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const PRIVATE = [
  ["Cookie", "session=1; theme=dark"],
  ["Referer", "https://app.example/secret?token=1"],
  ["Origin", "https://app.example"],
  ["Sec-Fetch-Site", "cross-site"],
  ["Sec-Fetch-Mode", "cors"],
  ["Sec-Fetch-Dest", "empty"],
  ["Sec-Fetch-User", "?1"],
  ["X-Forwarded-For", "203.0.113.7"],
  ["X-Forwarded-Host", "app.example"],
  ["X-Forwarded-Proto", "https"],
  ["X-Forwarded-Port", "443"],
  ["X-Forwarded-Prefix", "/x"],
  ["Forwarded", "for=203.0.113.7;proto=https"],
  ["X-Real-IP", "203.0.113.7"],
] as const;

describe("headers about the browser and the client's address are sent only when signed", () => {
  test.each(PRIVATE)("%s is dropped", async (name, value) => {
    const headers = [`${name}: ${value}`, "X-Kept: yes"];
    const response = await signedExchange(gateway, `${upstream.url}/`, { headers });
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.all(name)).toEqual([]);
    expect(upstream.requests.at(-1)?.all("x-kept")).toEqual(["yes"]);
  });

  test.each(PRIVATE)("%s is sent when signed", async (name, value) => {
    const response = await signedExchange(gateway, `${upstream.url}/`, {
      headers: [`${name}: ${value}`],
      sign: { headers: { [name]: value } },
    });
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.all(name)).toEqual([value]);
  });

  test("the gateway adds none of them itself", async () => {
    await signedExchange(gateway, `${upstream.url}/`);
    for (const [name] of PRIVATE) expect(upstream.requests.at(-1)?.all(name)).toEqual([]);
  });

  test("nothing of the signed URL is sent", async () => {
    await signedExchange(gateway, `${upstream.url}/path?q=1`);
    expect(upstream.requests.at(-1)?.head).not.toMatch(/x-sw/i);
    expect(upstream.requests.at(-1)?.head).not.toContain("gateway.test");
  });
});
