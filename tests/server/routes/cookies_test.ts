import { afterAll, describe, expect, test } from "bun:test";
import type { HttpMessage } from "../../support/http_message.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { signatureLine, SIGNED } from "../../support/header_signature.ts";

const COOKIES = [
  "session=abc, def; Path=/; HttpOnly; SameSite=Lax",
  "theme=dark; Expires=Wed, 01 Jan 2031 00:00:00 GMT",
];
const LINES = COOKIES.map((cookie) => `Set-Cookie: ${cookie}`);
const OTHERS = ["Set-Cookie2: old=1", "Clear-Site-Data: *"];

const upstream = await startUpstream(({ startLine }) => {
  if (startLine.includes("/stream")) {
    const head = ["HTTP/1.1 200 OK", ...LINES, "Transfer-Encoding: chunked", "", ""].join("\r\n");
    return [head, chunk("one"), chunk("two"), chunk("")];
  }
  if (startLine.includes("/login")) {
    const headers = [...LINES, "Location: /home"];
    return [respond("", { status: "302 Found", headers })];
  }
  if (startLine.includes("/single")) return [respond("ok", { headers: LINES.slice(0, 1) })];
  return [respond("ok", { headers: [...LINES, ...OTHERS] })];
});
const signature = "none" as const;
const gateway = await startConfigured({
  route: [
    { path: "/keep/", upstream: upstream.url, signature, keep_cookies: true },
    { path: "/drop/", upstream: upstream.url, signature },
    { path: "/never/", upstream: upstream.url, signature, keep_cookies: false },
    { path: "/keep/signed/", upstream: upstream.url, signature: SIGNED, keep_cookies: true },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const get = (path: string, headers: string[] = []): Promise<HttpMessage> =>
  plainExchange(gateway, "GET", path, { headers });

describe("keep_cookies", () => {
  test.each([
    ["/keep/", COOKIES],
    ["/keep/stream", COOKIES],
    ["/keep/login", COOKIES],
    ["/keep/single", COOKIES.slice(0, 1)],
    ["/drop/", []],
    ["/drop/stream", []],
    ["/drop/login", []],
    ["/never/", []],
  ])("%s gives %j, each on a line of its own", async (path, cookies) => {
    const response = await get(path);
    expect(response.all("set-cookie")).toEqual(cookies);
  });

  test("on a signed route", async () => {
    const path = "/keep/signed/";
    expect((await get(path, [signatureLine(path)])).all("set-cookie")).toEqual(COOKIES);
    expect((await get(path)).all("set-cookie")).toEqual([]);
  });

  test("keeps nothing else that would act on the gateway's origin", async () => {
    const response = await get("/keep/");
    expect(response.all("set-cookie2")).toEqual([]);
    expect(response.all("clear-site-data")).toEqual([]);
  });
});
