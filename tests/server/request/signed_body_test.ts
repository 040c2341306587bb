import { afterAll, describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { startGateway } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const LIMIT = 1000;
const BODY = '{"prompt": "Hello"}';

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({
  args: ["--upstream", upstream.url, "--max-signed-body", String(LIMIT)],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const signing = (body: string | Uint8Array) => ({
  body,
  headers: { "content-length": String(Buffer.byteLength(body)) },
});

const post = (body: string | Uint8Array, signed: string | Uint8Array, headers: string[] = []) =>
  signedExchange(gateway, `${upstream.url}/`, {
    method: "POST",
    body,
    headers,
    sign: signing(signed),
  });

const CHUNKED = ["Transfer-Encoding: chunked"];

describe("on the wire, another body than the signed one is refused", () => {
  test.each<[string, string | Uint8Array, string[]]>([
    ["shorter", BODY.slice(0, -1), []],
    ["longer", `${BODY}\n`, []],
    ["empty", "", ["Content-Length: 0"]],
    ["one bit flipped", BODY.replace("H", "I"), []],
    ["chunked and shorter", chunk(BODY.slice(0, -1)) + chunk(""), CHUNKED],
    ["chunked and longer", chunk(BODY) + chunk(" ") + chunk(""), CHUNKED],
    ["chunked and empty", chunk(""), CHUNKED],
    ["gzip-coded", gzipSync(BODY), ["Content-Encoding: gzip"]],
    ["not UTF-8", Buffer.concat([Buffer.from(BODY), Buffer.of(0xff, 0xfe)]), []],
  ])("%s", async (_, body, headers) => {
    const response = await post(body, BODY, headers);
    expect(response.status).toBe(400);
    expect(problemOf(response)["code"]).toBe("signature_mismatch");
    expect(upstream.connections).toHaveLength(0);
  });
});

describe("on the wire, a body over the limit is refused", () => {
  const over = "x".repeat(LIMIT + 1);
  test.each<[string, string, string[]]>([
    ["with a length", over, []],
    ["chunked", chunk(over) + chunk(""), CHUNKED],
    ["chunked in pieces", [...over].map(chunk).join("") + chunk(""), CHUNKED],
  ])("%s", async (_, body, headers) => {
    const response = await post(body, over, headers);
    expect(response.status).toBe(413);
    expect(problemOf(response)["code"]).toBe("body_too_large");
    expect(upstream.connections).toHaveLength(0);
  });
});

test("no byte reaches the upstream before the last one has been verified", async () => {
  const path = signedTarget(gateway.url, `${upstream.url}/`, { method: "POST", ...signing(BODY) });
  const bytes = requestBytes("POST", path, { body: BODY });
  using client = await connect(gateway.port);
  await client.write(bytes.subarray(0, -1));
  await Bun.sleep(100);
  expect(upstream.connections).toHaveLength(0);
  await client.write(bytes.subarray(-1));
  expect((await client.response()).status).toBe(200);
  expect(upstream.requests.at(-1)?.body.toString()).toBe(BODY);
});

describe("on the wire, the signed body arrives byte for byte", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  test.each<[string, string | Uint8Array, string | Uint8Array, string[]]>([
    ["with a length", BODY, BODY, []],
    ["chunked", chunk(BODY.slice(0, 7)) + chunk(BODY.slice(7)) + chunk(""), BODY, CHUNKED],
    ["every byte there is", bytes, bytes, []],
    ["outside ASCII", Buffer.from("¿Qué tal? 你好 🚀"), "¿Qué tal? 你好 🚀", []],
    ["gzip-coded, and signed so", gzipSync(BODY), gzipSync(BODY), ["Content-Encoding: gzip"]],
    ["at the limit", "x".repeat(LIMIT), "x".repeat(LIMIT), []],
    ["empty", "", "", ["Content-Length: 0"]],
  ])("%s", async (_, sent, signed, headers) => {
    const response = await post(sent, signed, headers);
    expect(response.status).toBe(200);
    const received = upstream.requests.at(-1);
    expect(received?.body).toEqual(Buffer.from(signed));
    expect(received?.all("content-length")).toEqual([String(Buffer.byteLength(signed))]);
    expect(received?.all("transfer-encoding")).toEqual([]);
  });
});
