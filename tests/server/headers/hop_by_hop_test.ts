import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

let answer = "";
const upstream = await startUpstream(() => [answer]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const BOTH_WAYS = [
  "Keep-Alive: timeout=77, max=99",
  "Proxy-Connection: keep-alive",
  "Proxy-Authenticate: Basic realm=x",
  "Proxy-Authorization: Basic eDp5",
  "Proxy-Authentication-Info: x",
  "TE: trailers, deflate",
  "Trailer: X-Trailer",
  "Upgrade: h2c",
];
const IN_REQUESTS = [...BOTH_WAYS, "HTTP2-Settings: AAMAAABkAAQAAP__"];
const NOMINATED = ["Connection: X-One, x-two", "Connection: X-Three", "X-One: 1", "X-Two: 2"];

const nameOf = (line: string): string => line.split(":")[0] ?? "";

describe("hop-by-hop headers end here", () => {
  test.each(IN_REQUESTS)("request: %s", async (line) => {
    answer = respond("ok");
    const response = await signedExchange(gateway, `${upstream.url}/`, {
      headers: [line, "X-Kept: yes"],
    });
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.all(nameOf(line))).toEqual([]);
    expect(upstream.requests.at(-1)?.all("x-kept")).toEqual(["yes"]);
  });

  test.each(BOTH_WAYS)("response: %s", async (line) => {
    answer = respond("ok", { headers: [line, "X-Kept: yes"] });
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.status).toBe(200);
    expect(response.all(nameOf(line))).toEqual([]);
    expect(response.all("x-kept")).toEqual(["yes"]);
  });

  test("request: what Connection nominates", async () => {
    answer = respond("ok");
    const headers = [...NOMINATED, "X-Three: 3", "X-Kept: yes"];
    await signedExchange(gateway, `${upstream.url}/`, { headers });
    const request = upstream.requests.at(-1);
    expect(request?.head).not.toMatch(/x-(one|two|three)/i);
    expect(request?.all("x-kept")).toEqual(["yes"]);
  });

  test("response: what Connection nominates", async () => {
    answer = respond("ok", { headers: [...NOMINATED, "X-Three: 3", "X-Kept: yes"] });
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.head).not.toMatch(/x-(one|two|three)/i);
    expect(response.all("x-kept")).toEqual(["yes"]);
  });

  test("the upstream's Connection: close does not close the client's", async () => {
    answer = respond("ok", { headers: ["Connection: close"] });
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.all("connection").join()).not.toMatch(/close/i);
  });
});
