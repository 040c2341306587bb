import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { chunk, respond, RST, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, signedExchange } from "../../support/signed_exchange.ts";

const OURS = "id-of-the-client";
const THEIRS = "X-Request-Id: req_theirs";
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

let script: Step[] = [];
const upstream = await startUpstream(() => script);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });
const target = `${upstream.url}/`;

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** The gateway's id of a response, which the log has too, and its `X-Request-Id`. */
async function idsOf(response: HttpMessage): Promise<[own: string[], other: string[]]> {
  const own = response.all("x-sw-request-id");
  await gateway.waitForRecord(({ request_id }) => request_id === own[0]);
  return [own, response.all("x-request-id")];
}

describe("an upstream's X-Request-Id reaches the client, beside the gateway's own id", () => {
  test.each<[string, string, Step[]]>([
    ["of a small body", "GET", [respond("ok", { headers: [THEIRS] })]],
    ["of an error", "POST", [respond("no", { status: "429 Slow Down", headers: [THEIRS] })]],
    ["without a body", "HEAD", [`HTTP/1.1 200 OK\r\n${THEIRS}\r\nContent-Length: 2\r\n\r\n`]],
    ["of a stream", "GET", [`${CHUNKED}${THEIRS}\r\n\r\n${chunk("a")}${chunk("")}`]],
    [
      "of an event stream",
      "GET",
      [
        `${CHUNKED}${THEIRS}\r\nContent-Type: text/event-stream\r\n\r\n`,
        chunk("data: 1\n\n") + chunk(""),
      ],
    ],
    ["under another spelling", "GET", [respond("ok", { headers: ["x-ReQuest-iD: req_theirs"] })]],
  ])("%s", async (_, method, steps) => {
    script = steps;
    const response = await signedExchange(gateway, target, { method });
    const [own, other] = await idsOf(response);
    expect(other).toEqual(["req_theirs"]);
    expect(own).toHaveLength(1);
    expect(own).not.toEqual(other);
  });
});

describe("the gateway's id stands in", () => {
  test.each<[string, Step[]]>([
    ["when the upstream sends none", [respond("ok")]],
    ["when the upstream breaks", [RST]],
    [
      "when the upstream's response is not HTTP",
      [respond("x", { status: "999 X", headers: [THEIRS] })],
    ],
  ])("%s", async (_, steps) => {
    script = steps;
    const [own, other] = await idsOf(await signedExchange(gateway, target));
    expect(own).toHaveLength(1);
    expect(other).toEqual(own);
  });

  test.each([
    ["for a refusal", "GET", []],
    ["for an unknown method", "TRACE", []],
    [
      "for a preflight",
      "OPTIONS",
      ["Origin: https://a.example", "Access-Control-Request-Method: PUT"],
    ],
  ])("%s", async (_, method, headers) => {
    const [own, other] = await idsOf(await plainExchange(gateway, method, "/", { headers }));
    expect(own).toHaveLength(1);
    expect(other).toEqual(own);
  });
});

test("an id that the client has chosen is the gateway's, and the upstream cannot set it", async () => {
  script = [respond("ok", { headers: [THEIRS, "X-Sw-Request-Id: forged"] })];
  const headers = [`X-Request-Id: ${OURS}`];
  const response = await signedExchange(gateway, target, { headers });
  expect(await idsOf(response)).toEqual([[OURS], ["req_theirs"]]);
});

test("the id of a problem document is the one in X-Sw-Request-Id", async () => {
  const response = await plainExchange(gateway, "GET", "/");
  const { request_id } = JSON.parse(String(response.body)) as { request_id: string };
  expect(response.all("x-sw-request-id")).toEqual([request_id]);
});
