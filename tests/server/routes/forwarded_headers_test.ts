import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { exchange } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, signedExchange } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { headerSignature, signatureLine, SIGNED } from "../../support/header_signature.ts";
import { ROOT } from "../../support/root.ts";

const APP = { id: "test-app", secrets: ["a secret for tests, of 32 bytes."] };
const SERVER = `${ROOT}/server.ts`;

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [{ ...APP, upstream: [{ url: upstream.url }] }],
  route: [
    { path: "/open/", upstream: upstream.url, signature: "none" },
    { path: "/signed/", upstream: upstream.url, signature: SIGNED },
    {
      path: "/covered/",
      upstream: upstream.url,
      signature: { ...SIGNED, fields: ["path", "HTTP_X_REAL_IP", "HTTP_COOKIE"], delimiter: "|" },
    },
    {
      path: "/named/",
      upstream: upstream.url,
      signature: "none",
      headers: { "X-Forwarded-Host": "public.example", "X-Api-Key": "the key of this route" },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function seen(path: string, headers: string[]): Promise<HttpMessage> {
  const signed = path.startsWith("/signed/") ? [signatureLine(path)] : [];
  const response = await plainExchange(gateway, "GET", path, { headers: [...signed, ...headers] });
  expect(response.status).toBe(200);
  return upstream.requests.at(-1)!;
}

const forwarded = (request: HttpMessage) =>
  ["for", "proto", "host"].map((name) => request.all(`x-forwarded-${name}`));

describe("the upstream of a route is told of the client", () => {
  test.each([
    ["nothing", [], "127.0.0.1", "gateway.test"],
    ["a host with a port", ["Host: gateway.test:8443"], "127.0.0.1", "gateway.test:8443"],
    ["an address", ["X-Forwarded-For: 192.0.2.1"], "192.0.2.1, 127.0.0.1", "gateway.test"],
    [
      "several addresses",
      ["X-Forwarded-For: 192.0.2.1, 192.0.2.2", "X-Forwarded-For: 192.0.2.3"],
      "192.0.2.1, 192.0.2.2, 192.0.2.3, 127.0.0.1",
      "gateway.test",
    ],
    ["another scheme", ["X-Forwarded-Proto: https"], "127.0.0.1", "gateway.test"],
    ["another host", ["X-Forwarded-Host: evil.test"], "127.0.0.1", "gateway.test"],
    [
      "look-alikes",
      ["X_Forwarded_For: 192.0.2.1", "X-Forwarded_Host: evil.test", "x_forwarded-proto: https"],
      "127.0.0.1",
      "gateway.test",
    ],
  ])("%s", async (_, headers, hops, host) => {
    for (const path of ["/open/", "/signed/"]) {
      const request = await seen(path, headers);
      expect(forwarded(request)).toEqual([[hops], ["http"], [host]]);
      expect(request.headers.filter(([name]) => name.includes("_"))).toEqual([]);
    }
  });

  test.each(["Forwarded: for=192.0.2.1", "Via: 1.1 proxy", "X-Real-IP: 192.0.2.1"])(
    "and not by %s, which the caller sent",
    async (line) => {
      const [name = ""] = line.split(":");
      expect((await seen("/open/", [line])).all(name)).toEqual([]);
      expect((await seen("/signed/", [line])).all(name)).toEqual([]);
    },
  );

  test("unless the caller's own are signed", async () => {
    const values = ["/covered/", "192.0.2.1", "a=b"];
    const line = `Signature: ${headerSignature(values, { delimiter: "|" })}`;
    const request = await seen("/covered/", [line, "X-Real-IP: 192.0.2.1", "Cookie: a=b"]);
    expect(request.all("x-real-ip")).toEqual(["192.0.2.1"]);
    expect(request.all("cookie")).toEqual(["a=b"]);
  });

  test("the operator's own headers win", async () => {
    const request = await seen("/named/", ["X-Api-Key: the caller's", "X_Api_Key: the caller's"]);
    expect(forwarded(request)).toEqual([["127.0.0.1"], ["http"], ["public.example"]]);
    expect(request.all("x-api-key")).toEqual(["the key of this route"]);
    expect(request.head).not.toContain("the caller's");
  });

  test("the upstream's own name is its Host", async () => {
    const request = await seen("/open/", ["Host: gateway.test"]);
    expect(request.all("host")).toEqual([`127.0.0.1:${upstream.port}`]);
  });
});

describe("a gateway on all interfaces", () => {
  test("writes an IPv4 address as one, for the upstream and for the signature", async () => {
    const signature = { ...SIGNED, fields: ["method", "REMOTE_ADDR"], delimiter: "|" };
    await using configured = await startConfigured({
      route: [{ path: "/", upstream: upstream.url, signature }],
    });
    // The helper names 127.0.0.1 behind what is given; what follows "$2" is not looked at.
    const script = 'exec "$0" "$1" --config "$2" --host :: --port 0';
    await using dual = await startGateway({
      command: ["sh", "-c", script, process.execPath, SERVER, configured.file],
    });
    const line = `Signature: ${headerSignature(["GET", "127.0.0.1"], { delimiter: "|" })}`;
    const request = `GET / HTTP/1.1\r\nHost: gateway.test\r\n${line}\r\n\r\n`;
    for (const { port } of [configured, dual]) {
      const response = String(await exchange(port, request));
      expect(response.split("\r\n")[0]).toBe("HTTP/1.1 200 OK");
      expect(upstream.requests.at(-1)?.all("x-forwarded-for")).toEqual(["127.0.0.1"]);
    }
  });
});

describe("the target of a signed URL is told nothing", () => {
  test.each([
    ["nothing", []],
    ["addresses", ["X-Forwarded-For: 192.0.2.1"]],
    ["all of it", ["X-Forwarded-Proto: https", "X-Forwarded-Host: evil.test", "Via: 1.1 proxy"]],
  ])("%s", async (_, headers) => {
    const response = await signedExchange(gateway, `${upstream.url}/x`, { headers });
    expect(response.status).toBe(200);
    const request = upstream.requests.at(-1)!;
    expect(request.headers.filter(([name]) => /forwarded|^via$|real-ip/i.test(name))).toEqual([]);
    expect(request.head).not.toContain("gateway.test");
  });
});
