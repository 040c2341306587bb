import { expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { createAuthority } from "../../support/certificates.ts";
import { startGateway } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

// Node's server, because that of the runtime under test ends a stream in order where it is told to reset it.
const SERVER = `
import { createSecureServer } from "node:http2";
const [cert, key] = process.argv.slice(1);
const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (request.url !== "/reset") return response.end(request.httpVersion);
  response.write("data: first\\n\\n");
  setTimeout(() => response.stream.close(2), 50);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));`;

const found = await requirement("node", async () => {
  if (!Bun.which("node")) throw new Error("node is not installed");
});

test.skipIf("reason" in found)(
  "a stream that an upstream resets in HTTP/2 is cut for the client",
  async () => {
    await using authority = await createAuthority();
    const { cert, key } = await authority.issue();
    const command = ["node", "--input-type=module", "-e", SERVER, "--", cert, key];
    await using upstream = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
    const { value } = await upstream.stdout.getReader().read();
    const url = `https://localhost:${Number(new TextDecoder().decode(value))}`;
    const args = ["--upstream", url, "--upstream-ca", authority.caFile];
    await using gateway = await startGateway({ args });
    await signedExchange(gateway, `${url}/`);
    await Bun.sleep(500);
    expect((await signedExchange(gateway, `${url}/`)).body.toString()).toBe("2.0");
    using client = await openSigned(gateway, `${url}/reset`);
    await client.closed();
    expect(client.received().toString()).toContain("data: first");
    expect(client.received().toString()).not.toContain("0\r\n\r\n");
    const record = await gateway.waitForRecord(({ upstream: it }) => it === `${url}/reset`);
    expect(record["outcome"]).toBe("upstream_truncated");
  },
);
