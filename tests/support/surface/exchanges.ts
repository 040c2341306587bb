import { FIN, respond, RST, chunk } from "../raw_upstream.ts";
import type { Exchange } from "./exchange.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

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
