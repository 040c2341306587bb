import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { FIN, respond, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

let script: Step[] = [];
const upstream = await startUpstream(() => script);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const OK = respond("the answer");
const INTERIM = "HTTP/1.1 102 Processing\r\n\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Hint: 1\r\n\r\n";

describe("an invalid status gets 502", () => {
  test.each<[name: string, steps: Step[]]>([
    ["099", [respond("x", { status: "099 Odd" })]],
    ["000", [respond("x", { status: "000 Odd" })]],
    ["600", [respond("x", { status: "600 Odd" })]],
    ["999", [respond("x", { status: "999 Odd" })]],
    ["1000", [respond("x", { status: "1000 Odd" })]],
    ["two digits", [respond("x", { status: "20 Odd" })]],
    ["letters", [respond("x", { status: "abc Odd" })]],
    ["negative", [respond("x", { status: "-200 Odd" })]],
    ["none", [respond("x", { status: "" })]],
    ["101", ["HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"]],
    ["no HTTP at all", ["SSH-2.0-OpenSSH_9.2\r\n\r\n", FIN]],
    ["an answer without a head", ["hello", FIN]],
    ["nothing but the end", [FIN]],
    ["an interim answer and the end", [INTERIM, FIN]],
  ])("%s", async (_, steps) => {
    script = steps;
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.status).toBe(502);
    expect(problemOf(response)["code"]).toMatch(/^upstream_(broken|unreachable)$/);
    expect(response.head).not.toContain("Odd");
  });
});

describe("interim answers are not the answer", () => {
  test.each([
    ["100", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["102", INTERIM],
    ["103", HINTS],
    ["199", "HTTP/1.1 199 Odd\r\n\r\n"],
    ["twenty of them", INTERIM.repeat(20)],
  ])("%s", async (_, interim) => {
    script = [interim, 20, OK];
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.status).toBe(200);
    expect(response.body.toString()).toBe("the answer");
    expect(response.all("x-hint")).toEqual([]);
  });
});

describe("an answer that has no body gets none, and the next one is its own", () => {
  test.each([
    ["204 with a body", "GET", respond("stray bytes", { status: "204 No Content" }), 204],
    ["304 with a length", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304],
    ["304 with a body", "GET", respond("stray bytes", { status: "304 Not Modified" }), 304],
    ["HEAD with a length", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 200],
    ["HEAD with a body", "HEAD", respond("stray bytes"), 200],
    ["HEAD with chunks", "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200],
  ] as const)("%s", async (_, method, bytes, status) => {
    script = [bytes];
    const response = await signedExchange(gateway, `${upstream.url}/`, { method });
    expect(response.status).toBe(status);
    expect(response.head).not.toContain("stray");
    script = [OK];
    for (let i = 0; i < 3; i += 1) {
      const next = await signedExchange(gateway, `${upstream.url}/`);
      expect(next.status).toBe(200);
      expect(next.body.toString()).toBe("the answer");
    }
  });
});

describe("every other status passes", () => {
  test.each([
    200, 201, 202, 203, 206, 207, 226, 300, 400, 401, 402, 403, 404, 409, 418, 422, 429, 451, 499,
    500, 501, 502, 503, 504, 529, 599,
  ])("%i", async (status) => {
    script = [respond("body", { status: `${status} Reason` })];
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.status).toBe(status);
    expect(response.body.toString()).toBe("body");
  });
});
