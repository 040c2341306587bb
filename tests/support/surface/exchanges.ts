import { FIN, respond, RST, chunk } from "../raw_upstream.ts";
import type { Exchange } from "./exchange.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

// Each is left out, or means something on the way.
const REQUEST_HEADERS = [
  ..."cookie2 forwarded sec-fetch-mode true-client-ip via x-client-ip x-cluster-client-ip".split(
    " ",
  ),
  ..."fastly-client-ip cf-connecting-ip cf-connecting-ipv6 cf-ipcountry cf-visitor".split(" "),
  ..."cloudfront-viewer-country x-forwarded-host x-forwarded-proto x-real-ip x-original-url".split(
    " ",
  ),
  ..."x-rewrite-url x-http-method x-http-method-override x-method-override http2-settings".split(
    " ",
  ),
  ..."proxy-authenticate proxy-authorization proxy-connection trailer x_real_ip sec-ch-ua".split(
    " ",
  ),
];

const RESPONSE_HEADERS = [
  ..."accept-ch alt-svc clear-site-data content-security-policy-report-only critical-ch".split(" "),
  ..."expect-ct nel origin-agent-cluster public-key-pins refresh report-to server".split(" "),
  ..."reporting-endpoints service-worker-allowed set-cookie2 access-control-allow-headers".split(
    " ",
  ),
  ..."proxy-authenticate proxy-connection trailer etag expires vary x-frame-options".split(" "),
];

/** Exchanges that are forwarded. */
export const FORWARDED: readonly Exchange[] = [
  { title: "GET" },
  { title: "HEAD", method: "HEAD", steps: ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"] },
  { title: "POST", method: "POST", body: "hello", headers: ["Content-Type: text/plain"] },
  { title: "DELETE", method: "DELETE", steps: ["HTTP/1.1 204 No Content\r\n\r\n"] },
  {
    title: "a signed body",
    method: "POST",
    body: "hello",
    sign: { body: "hello", headers: { "content-length": "5" } },
  },
  {
    title: "an upload in chunks",
    method: "PUT",
    headers: ["Transfer-Encoding: chunked", "X-Part: 1"],
    body: chunk("hello") + chunk(""),
  },
  { title: "a stream", steps: [`${CHUNKED}\r\n${chunk("abc")}`, 20, chunk("de") + chunk("")] },
  {
    title: "an event stream",
    steps: [
      `${CHUNKED}Content-Type: text/event-stream\r\n\r\n${chunk("data: 1\n\n")}`,
      20,
      chunk(""),
    ],
  },
  {
    title: "headers of every kind",
    sign: { headers: { origin: "https://app.example", "x-signed": "1" } },
    headers: [
      "Origin: https://app.example",
      "X-Signed: 1",
      "Accept: text/plain",
      "Cookie: a=b",
      "Authorization: Bearer theirs",
      "X_Injected: look-alike",
      "X-Injected: theirs",
      "Connection: X-Nominated, keep-alive",
      "X-Nominated: 1",
      "Referer: https://app.example/page",
      "X-Forwarded-For: 192.0.2.1",
      "User-Agent: surface",
      "TE: trailers",
    ],
    steps: [
      respond("ok", {
        headers: [
          "Content-Type: text/html",
          "Set-Cookie: a=b",
          "Access-Control-Allow-Origin: https://other.example",
          "Content-Security-Policy: default-src *",
          "Strict-Transport-Security: max-age=1",
          "Cache-Control: max-age=60",
          "X-Request-Id: theirs",
          "X-Other: 1",
          "Keep-Alive: timeout=5",
          "Connection: X-Hop",
          "X-Hop: 1",
        ],
      }),
    ],
  },
  {
    title: "many headers",
    headers: REQUEST_HEADERS.map((name) => `${name}: 1`),
    steps: [respond("ok", { headers: RESPONSE_HEADERS.map((name) => `${name}: 1`) })],
  },
  {
    title: "a rule that keeps cookies",
    sign: { id: "cookies" },
    steps: [respond("ok", { headers: ["Set-Cookie: a=b", "Set-Cookie: c=d"] })],
  },
  { title: "no content type", steps: [respond("ok")] },
  {
    title: "a redirect",
    steps: [respond("", { status: "302 Found", headers: ["Location: https://other.example/"] })],
  },
  { title: "an error of the upstream", steps: [respond("no", { status: "500 Oops" })] },
  {
    title: "an origin",
    headers: ["Origin: https://app.example"],
  },
  {
    title: "an origin that an app allows",
    sign: { id: "cors" },
    headers: ["Origin: https://app.example"],
  },
  {
    title: "an origin that it does not allow",
    sign: { id: "cors" },
    headers: ["Origin: https://other.example"],
  },
  ...["test-app", "cors", "nobody"].map((id) => ({
    title: `a preflight for ${id}`,
    method: "OPTIONS",
    sign: { id },
    headers: [
      "Origin: https://app.example",
      "Access-Control-Request-Method: POST",
      "Access-Control-Request-Headers: content-type, x-a",
    ],
  })),
];

/** Exchanges that end early. */
export const BROKEN: readonly Exchange[] = [
  {
    title: "a client that leaves before the head",
    steps: [],
    leavesAt: (_, { upstream }) =>
      upstream.requests.at(-1)?.all("x-request-id")[0] === "a-client-that-leaves-before-the-head",
  },
  {
    title: "a client that leaves in a stream",
    steps: [`${CHUNKED}\r\n${chunk("abc")}`],
    leavesAt: (client) => client.received().includes("abc"),
  },
  { title: "a stream that breaks off", steps: [`${CHUNKED}\r\n${chunk("abc")}`, 50, RST] },
  { title: "a stream without its end", steps: [`${CHUNKED}\r\n${chunk("abc")}`, 50, FIN] },
  {
    title: "a short body that ends early",
    steps: ["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", 50, FIN],
  },
  {
    title: "a stream that falls silent",
    steps: [`${CHUNKED}\r\n${chunk("abc")}`],
  },
];
