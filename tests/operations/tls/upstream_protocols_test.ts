import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { createSecureServer } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { openSigned } from "../../support/by_path.ts";
import { createAuthority } from "../../support/certificates.ts";
import { type Gateway, type LogLine, startGateway } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

const authority = await createAuthority();
const certificate = await authority.issue();

afterAll(() => authority[Symbol.asyncDispose]());

/** An https upstream; what came, and how. */
interface Upstream {
  url: string;
  versions: string[];
  keys: unknown[];
  stop: () => void;
}

/** Starts one with or without HTTP/2. */
async function startUpstream(host: string, hasHttp2: boolean): Promise<Upstream> {
  const versions: string[] = [];
  const keys: unknown[] = [];
  const sockets: Socket[] = [];
  const cutAll = (): void => sockets.forEach((socket) => void socket.destroy());
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    versions.push(request.httpVersion);
    keys.push(request.headers["x-key"]);
    if (request.url === "/echo") {
      response.writeHead(200, { "content-type": "text/plain" });
      request.pipe(response);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: first\n\n");
    if (request.url === "/cut") setTimeout(cutAll, 50);
    else setTimeout(() => response.end("data: last\n\n"), 50);
  };
  const server = hasHttp2
    ? createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) =>
        // They are of the same shape, on purpose.
        listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
      )
    : createServer(certificate, listener);
  server.on("secureConnection", (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://${host}:${port}`, versions, keys, stop: () => void server.close() };
}

describe.each([
  ["with HTTP/2, named", "localhost", true, "2.0"],
  ["with HTTP/2, by its address", "127.0.0.1", true, "2.0"],
  ["without HTTP/2, named", "localhost", false, "1.1"],
  ["without HTTP/2, by its address", "127.0.0.1", false, "1.1"],
])("an https upstream %s", (_, host, hasHttp2, version) => {
  let upstream: Upstream;
  let gateway: Gateway;

  beforeAll(async () => {
    upstream = await startUpstream(host, hasHttp2);
    const rule = ["--upstream", upstream.url, "--header", "X-Key: key"];
    gateway = await startGateway({ args: [...rule, "--upstream-ca", authority.caFile] });
    // The origin is asked during the first request, and the answer holds from then on.
    await signedExchange(gateway, `${upstream.url}/`);
    await Bun.sleep(500);
  });

  afterAll(async () => {
    const code = await gateway.stop();
    upstream.stop();
    expect([code, gateway.stderr()]).toEqual([0, ""]);
  });

  test(`is spoken to in HTTP/${version}, with the key each time`, async () => {
    for (let i = 0; i < 3; i += 1) {
      const { status, body } = await signedExchange(gateway, `${upstream.url}/`);
      expect([status, body.toString()]).toEqual([200, "data: first\n\ndata: last\n\n"]);
    }
    expect(upstream.versions).toEqual(["1.1", version, version, version]);
    expect(new Set(upstream.keys)).toEqual(new Set(["key"]));
  });

  test("takes uploads, and many streams at once", async () => {
    const body = "x".repeat(300_000);
    const upload = await signedExchange(gateway, `${upstream.url}/echo`, {
      method: "POST",
      body,
    });
    expect(upload.body.toString()).toBe(body);
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, i) => signedExchange(gateway, `${upstream.url}/${i}`)),
    );
    for (const response of all) expect(response.body.toString()).toContain("data: last");
  });

  test("that cuts a stream cuts it for the client", async () => {
    const target = `${upstream.url}/cut`;
    using client = await openSigned(gateway, target);
    await client.closed();
    expect(client.received().toString()).toContain("data: first");
    expect(client.received().toString()).not.toContain("0\r\n\r\n");
    const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
    expect(record["outcome"]).toBe("upstream_truncated");
    const next = await signedExchange(gateway, `${upstream.url}/`);
    expect(next.status).toBe(200);
  });

  test("learns at once when a client leaves", async () => {
    using client = await openSigned(gateway, `${upstream.url}/`);
    await waitFor("the first event", () => client.received().includes("first"));
    client.reset();
    const left = (record: LogLine): boolean => record["outcome"] === "client_gone";
    await gateway.waitForRecord(left);
    expect((await signedExchange(gateway, `${upstream.url}/`)).status).toBe(200);
  });
});
