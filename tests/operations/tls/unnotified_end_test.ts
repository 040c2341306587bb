import { afterAll, describe, expect, test } from "bun:test";
import { type AddressInfo, connect, createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createAuthority } from "../../support/certificates.ts";
import { startGateway } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const authority = await createAuthority();
const certificate = await authority.issue();
afterAll(() => authority[Symbol.asyncDispose]());

/** A TLS upstream whose answer ends with the connection, and whose TCP connection ends in its own way. */
async function startUpstream(ending: "fin" | "reset") {
  const listen = (server: ReturnType<typeof createServer>) =>
    new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  const inner = createTlsServer(certificate, (socket) => {
    socket.on("error", () => {});
    socket.once("data", () => void socket.write("HTTP/1.1 200 OK\r\n\r\npart"));
  });
  const innerPort = await listen(inner);
  const outer = createServer((socket) => {
    const behind = connect(innerPort, "127.0.0.1");
    for (const one of [socket, behind]) one.on("error", () => {});
    socket.pipe(behind).pipe(socket, { end: false });
    const end = () => (ending === "fin" ? socket.end() : socket.resetAndDestroy());
    setTimeout(end, 1000);
  });
  const url = `https://localhost:${await listen(outer)}`;
  const dispose = () => [inner, outer].forEach((server) => void server.close());
  return { url, [Symbol.dispose]: dispose };
}

// A known limit of the runtime. When a newer one tells such an end, SECURITY.md can promise more.
describe("a body that ends with its TLS connection, without a close_notify", () => {
  test.each(["fin", "reset"] as const)("looks complete after a %s", async (ending) => {
    using upstream = await startUpstream(ending);
    const args = ["--upstream", upstream.url, "--upstream-ca", authority.caFile];
    await using gateway = await startGateway({ args });
    const { status, body } = await signedExchange(gateway, `${upstream.url}/`);
    expect([status, body.toString()]).toEqual([200, "part"]);
    const record = await gateway.waitForRecord(({ upstream: url }) => url === `${upstream.url}/`);
    expect(record["outcome"]).toBe("complete");
  });
});
