import { afterAll, describe, expect, test } from "bun:test";
import { createSignedFetch } from "../../../lib/signing/signed_fetch.ts";
import { startGateway } from "../../support/gateway.ts";
import { chunk, respond, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";

const FORGED = [
  "X-Sw-Problem: expired",
  "x-sw-problem: expired",
  "X-SW-Request-Id: forged",
  "X-Sw-Edited: store=false",
  "X-Sw-Of-A-Later-Version: forged",
];
const EXPIRED = '{"type":"urn:signway:problem:expired","code":"expired","status":400}';
const PROBLEM = ["Content-Type: application/problem+json", ...FORGED];
const streamed = (head: string, text: string): Step[] => [
  `HTTP/1.1 200 OK\r\n${[head, ...FORGED].join("\r\n")}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  chunk(text) + chunk(""),
];

let script: Step[] = [];
const upstream = await startUpstream(() => script);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });
const target = `${upstream.url}/`;

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("no upstream can send a header of the gateway's own", () => {
  test.each<[string, string, Step[]]>([
    ["in a small response", "GET", [respond("ok", { headers: FORGED })]],
    [
      "in a problem of its own",
      "POST",
      [respond(EXPIRED, { status: "402 Pay", headers: PROBLEM })],
    ],
    ["in a stream", "GET", streamed("Content-Type: text/plain", "a")],
    ["in an event stream", "GET", streamed("Content-Type: text/event-stream", "data: 1\n\n")],
    ["without a body", "HEAD", [`HTTP/1.1 200 OK\r\n${FORGED.join("\r\n")}\r\n\r\n`]],
    ["in a redirect", "GET", [respond("", { status: "302 Found", headers: FORGED })]],
  ])("%s", async (_, method, steps) => {
    script = steps;
    const response = await signedExchange(gateway, target, { method });
    const names = response.headers.map(([name]) => name.toLowerCase());
    expect(names.filter((name) => name.startsWith("x-sw-"))).toEqual(["x-sw-request-id"]);
    expect(response.head).not.toContain("forged");
  });
});

describe("every problem document has its code in X-Sw-Problem", () => {
  const get = (path: string) => plainExchange(gateway, "GET", path);
  const past = new Date(0);
  test.each([
    ["signature_missing", () => get("/")],
    ["method_not_allowed", () => plainExchange(gateway, "TRACE", "/")],
    ["request_malformed", () => plainExchange(gateway, "GET", "/", { headers: ["Host: a/b"] })],
    ["expired", () => signedExchange(gateway, target, { sign: { now: past } })],
    ["target_not_allowed", () => signedExchange(gateway, "http://127.0.0.1:1/")],
    ["upstream_broken", () => signedExchange(gateway, target)],
  ])("%s", async (code, send) => {
    script = [respond("", { status: "999 Odd", headers: FORGED })];
    const response = await send();
    expect(problemOf(response)["code"]).toBe(code);
    expect(response.all("x-sw-problem")).toEqual([code]);
  });
});

test("createSignedFetch sends a POST once, whatever an upstream answers", async () => {
  script = [respond(EXPIRED, { status: "402 Payment Required", headers: PROBLEM })];
  const before = upstream.requests.length;
  const signedFetch = createSignedFetch(
    ({ method, url }) => new URL(signedTarget(gateway.url, url, { method }), gateway.url),
  );
  const response = await signedFetch(target, { method: "POST", body: "once" });
  expect([response.status, await response.text()]).toEqual([402, EXPIRED]);
  expect(upstream.requests).toHaveLength(before + 1);
});
