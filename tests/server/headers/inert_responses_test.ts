import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, signedExchange } from "../../support/signed_exchange.ts";

const HTML = "Content-Type: text/html";
const LOOSE = [
  HTML,
  "Content-Security-Policy: default-src *",
  "Content-Security-Policy-Report-Only: default-src *",
  "Cross-Origin-Resource-Policy: same-origin",
  "Referrer-Policy: unsafe-url",
  "X-Content-Type-Options: sniff",
];

const inChunks = (type: string, text: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n` +
  chunk(text) +
  chunk("");

const ANSWERS: Record<string, string> = {
  "/plain": respond("ok"),
  "/html": respond("<script>alert(1)</script>", { headers: LOOSE }),
  "/chunked": inChunks("text/html", "<p>"),
  "/events": inChunks("text/event-stream", "data: 1\n\n"),
  "/missing": respond("<p>", { status: "404 Not Found", headers: [HTML] }),
  "/empty": "HTTP/1.1 204 No Content\r\n\r\n",
  "/cached": "HTTP/1.1 304 Not Modified\r\nETag: W/x\r\n\r\n",
  "/moved": respond("", { status: "302 Found", headers: ["Location: /x"] }),
  "/status": respond("", { status: "999 Odd" }),
};

const upstream = await startUpstream(({ startLine }) => [
  ANSWERS[startLine.split(" ")[1] ?? ""] ?? "",
]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

function expectInert(response: HttpMessage): void {
  expect(response.all("cross-origin-resource-policy")).toEqual(["cross-origin"]);
  expect(response.all("referrer-policy")).toEqual(["no-referrer"]);
  expect(response.all("x-content-type-options")).toEqual(["nosniff"]);
  expect(response.all("content-security-policy")).toHaveLength(1);
  expect(response.all("content-security-policy").join()).toMatch(/default-src 'none'.*sandbox/);
  expect(response.all("content-security-policy-report-only")).toEqual([]);
}

describe("every response is inert", () => {
  test.each(Object.keys(ANSWERS))("the upstream's %s", async (path) => {
    expectInert(await signedExchange(gateway, upstream.url + path));
  });

  test("a HEAD", async () => {
    expectInert(await signedExchange(gateway, `${upstream.url}/html`, { method: "HEAD" }));
  });

  test.each([
    ["no signature", "GET", "/"],
    ["another path", "GET", "/favicon.ico"],
    ["a bad parameter", "GET", "/?X-Sw-Algorithm=none"],
    ["a method", "TRACE", "/"],
    ["a URL that is too long", "GET", `/?${"a".repeat(15_500)}`],
  ])("a refusal: %s", async (_, method, path) => {
    const response = await plainExchange(gateway, method, path);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expectInert(response);
  });

  test("a target that is not allowed", async () => {
    const response = await signedExchange(gateway, "http://127.0.0.1:1/");
    expect(response.status).toBe(403);
    expectInert(response);
  });

  test("a preflight", async () => {
    const headers = ["Origin: https://app.example", "Access-Control-Request-Method: POST"];
    const response = await plainExchange(gateway, "OPTIONS", "/", { headers });
    expect(response.status).toBe(204);
    expectInert(response);
  });
});
